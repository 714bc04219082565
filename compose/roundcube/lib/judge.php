<?php
// What is wrong with a configuration of Roundcube, all of it at once, and what it sets.

final class Judge
{
    private const CONFIG = 'config.inc.php';
    private const INSTALLED = '/var/lib/roundcube';
    private const ROUNDS = 50; // of errors that are looked for; PHP names one at a time
    private const SECRETS = ['des_key', 'db_dsnw', 'db_dsnr', 'imap_auth_pw', 'smtp_pass', 'smtp_auth_pw', 'managesieve_auth_pw'];
    private const DRIVERS = ['mysql', 'pgsql', 'sqlite'];

    /** @var list<array{string, int, string}> file, line, message */
    private array $found = [];
    /** @var list<string> of config.inc.php, without what was found to be wrong */
    private array $lines;
    private array $config;
    private array $defaults;

    public function __construct(private string $folder)
    {
        $text = @file_get_contents("$folder/" . self::CONFIG);
        if ($text === false) {
            $this->report(self::CONFIG, 0, 'cannot be read');
        }
        $this->lines = explode("\n", (string) $text);
        $this->defaults = self::defaults();
        $this->config = $this->loaded();
        if ($text !== false) {
            $this->judge_names();
            $this->judge_values();
            $this->judge_fpm();
        }
    }

    /** @return list<string> `FILE:LINE: message`, in the order of the lines */
    public function errors(): array
    {
        sort($this->found);
        return array_unique(array_map(fn ($one) => "$one[0]:$one[1]: $one[2]", $this->found));
    }

    /** @return list<string> `name = value` for each setting that differs from its default; of a secret a fingerprint */
    public function effective(): array
    {
        $lines = [];
        foreach ($this->config as $name => $value) {
            if (!array_key_exists($name, $this->defaults) || $this->defaults[$name] !== $value) {
                $text = json_encode($value, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
                $is_secret = in_array($name, self::SECRETS, true) && $value !== '%p';
                $lines[] = "$name = " . ($is_secret ? '<secret ' . substr(hash('sha256', $text), 0, 8) . '>' : $text);
            }
        }
        sort($lines);
        return $lines;
    }

    private function report(string $file, int $line, string $message): void
    {
        $this->found[] = [$file, $line, trim(preg_replace('/\s+/', ' ', $message))];
    }

    /** What the configuration sets. Each statement with an error is taken out, until what is left can be loaded. */
    private function loaded(): array
    {
        $copy = tempnam('/tmp', 'config');
        $result = ['config' => []];
        for ($round = 0; $round < self::ROUNDS; $round++) {
            file_put_contents($copy, implode("\n", $this->lines));
            $faults = self::syntax_error($copy);
            if (!$faults) {
                $result = self::run_load($copy);
                $faults = $result['faults'];
            }
            foreach ($faults as [$line, $message]) {
                $this->report(self::CONFIG, $line, $message);
            }
            $before = $this->lines;
            array_map($this->take_out(...), array_column($faults, 0));
            if ($this->lines === $before) {
                break;
            }
        }
        unlink($copy);
        return (array) $result['config'];
    }

    /** @return list<array{int, string}> at most one */
    private static function syntax_error(string $file): array
    {
        exec('php -d display_errors=0 -d log_errors=1 -d error_log=/dev/stdout -l ' . escapeshellarg($file) . ' 2>&1', $said, $code);
        if ($code === 0) {
            return [];
        }
        $matches = [];
        $pattern = '/(?:Parse|Fatal) error: *(.+) in ' . preg_quote($file, '/') . ' on line (\d+)/';
        return preg_match($pattern, implode("\n", $said), $matches) ? [[(int) $matches[2], $matches[1]]] : [[0, implode(' ', $said)]];
    }

    private static function run_load(string $file): array
    {
        $said = shell_exec('php -d display_errors=0 -d log_errors=0 /usr/local/lib/mailrig/load.php ' . escapeshellarg($file) . ' 2>/dev/null');
        return json_decode((string) $said, true) ?? ['config' => [], 'faults' => [[0, 'it ends PHP as it is loaded']]];
    }

    /** Empty the statement that $line is in: from behind the last one that is complete, up to the next semicolon. */
    private function take_out(int $line): void
    {
        $first = $last = $line - 1;
        while ($first > 0 && !preg_match('~^\s*$|^\s*//|^<\?php|;\s*(//.*)?$~', $this->lines[$first - 1])) {
            $first--;
        }
        while ($last < count($this->lines) - 1 && !preg_match('~;\s*(//.*)?$~', $this->lines[$last])) {
            $last++;
        }
        for ($one = max($first, 0); $line > 0 && $one <= $last; $one++) {
            $this->lines[$one] = '';
        }
    }

    /** The last line that sets $name, or 0. */
    private function line_of(string $name): int
    {
        $found = preg_grep('~^\s*\$config\[\s*[\'"]' . preg_quote($name, '~') . '[\'"]\s*\]~', $this->lines);
        return $found ? array_key_last($found) + 1 : 0;
    }

    private static function defaults(): array
    {
        defined('RCUBE_INSTALL_PATH') || define('RCUBE_INSTALL_PATH', self::INSTALLED . '/');
        $config = [];
        require '/etc/roundcube/defaults.inc.php';
        return $config;
    }

    /** A setting that nobody knows is most often a misspelt one. */
    private function judge_names(): void
    {
        $known = [...array_keys($this->defaults), ...self::names_of_plugins()];
        $known = [...$known, ...preg_grep('/^mailrig_/', array_keys($this->config))];
        foreach (array_diff(array_keys($this->config), $known) as $name) {
            $near = array_filter($known, fn ($one) => levenshtein($one, $name) <= 2);
            $cure = $near ? '; did you mean `' . reset($near) . '`?' : '';
            $this->report(self::CONFIG, $this->line_of($name), "unknown setting: $name$cure");
        }
    }

    /** @return list<string> as the plugins' own examples have them */
    private static function names_of_plugins(): array
    {
        $texts = array_map(file_get_contents(...), glob(self::INSTALLED . '/plugins/*/{config.inc.php.dist,*.php}', GLOB_BRACE));
        preg_match_all('~(?:\$config\[|config->get\()[\'"](\w+)[\'"]~', implode("\n", $texts), $matches);
        return ['db_dsnw', ...array_unique($matches[1])];
    }

    private function judge_values(): void
    {
        $config = $this->config + $this->defaults;
        $refuse = fn (string $name, string $message) => $this->report(self::CONFIG, $this->line_of($name), $message);
        if (strlen((string) $config['des_key']) !== 24) {
            $refuse('des_key', 'des_key must have 24 characters');
        }
        foreach ((array) $config['plugins'] as $plugin) {
            if (!is_file(self::INSTALLED . "/plugins/$plugin/$plugin.php")) {
                $refuse('plugins', "there is no plugin `$plugin`");
            }
        }
        if (!is_file(self::INSTALLED . "/skins/{$config['skin']}/meta.json")) {
            $refuse('skin', "there is no skin `{$config['skin']}`");
        }
        $driver = strstr((string) $config['db_dsnw'], ':', true);
        if (!in_array($driver, self::DRIVERS, true)) {
            $refuse('db_dsnw', "no database `$driver` is known here, but " . implode(', ', self::DRIVERS));
        }
        foreach (['imap_conn_options', 'smtp_conn_options', 'managesieve_conn_options'] as $name) {
            $file = $config[$name]['ssl']['cafile'] ?? '';
            if ($file !== '' && !is_readable(str_replace('/etc/mailrig/current', $this->folder, $file))) {
                $refuse($name, "cannot read $file");
            }
        }
    }

    private function judge_fpm(): void
    {
        $file = "$this->folder/php-fpm.conf";
        exec('php-fpm8.2 --allow-to-run-as-root --test --fpm-config ' . escapeshellarg($file) . ' 2>&1', $said, $code);
        if ($code === 0) {
            return;
        }
        foreach (preg_grep('/ERROR: (?!FPM init|failed to (load|post))/', $said) as $line) {
            $matches = [];
            preg_match('/ERROR: (?:\[' . preg_quote($file, '/') . ':(\d+)\] )?(.+)/', $line, $matches);
            $this->report('php-fpm.conf', (int) $matches[1], $matches[2]);
        }
    }
}
