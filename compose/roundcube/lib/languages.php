<?php
// Which of the site's languages somebody is greeted in.

/**
 * The first of $offered (as in `en`, `ja`, `pt-BR`) that the browser asks for by Accept-Language, in the order of its
 * preference (RFC 9110, section 12.5.4); else the first of them. Roundcube makes a locale of it.
 */
function mailrig_language(array $offered): string
{
    $asked = [];
    foreach (explode(',', $_SERVER['HTTP_ACCEPT_LANGUAGE'] ?? '') as $place => $range) {
        [$tag, $quality] = array_pad(explode(';q=', str_replace(' ', '', strtolower($range)), 2), 2, '1');
        if ((float) $quality > 0) {
            $asked[$tag] = [-(float) $quality, $place];
        }
    }
    asort($asked);
    foreach (array_keys($asked) as $tag) {
        foreach ($offered as $language) {
            $own = strtolower($language);
            if ($tag === $own || str_starts_with($tag, "$own-") || str_starts_with($own, "$tag-")) {
                return str_replace('-', '_', $language);
            }
        }
    }
    return str_replace('-', '_', $offered[0]);
}
