<?php
// What Roundcube must know of the site beyond its settings: who may send as whom, and how log-ins come and go.

class mailrig extends rcube_plugin
{
    private const SENDERS = '/etc/mailrig/current/senders';

    public function init(): void
    {
        $this->add_hook('authenticate', [$this, 'refuse_hidden']);
        $this->add_hook('storage_connect', [$this, 'tell_address']);
        $this->add_hook('login_after', [$this, 'keep_identities']);
    }

    /**
     * Refuse an attempt to log in whose address does not say that it is one: `web` sees no body and no cookie, in which
     * Roundcube would take it as well, and counts by the address. Read as it stands, so that both read the same.
     */
    public function refuse_hidden(array $arguments): array
    {
        if (!preg_match('/(^|&)_task=login(&|$)/', $_SERVER['QUERY_STRING'] ?? '')) {
            $arguments['valid'] = false;
        }
        return $arguments;
    }

    /** Tell Dovecot, before the log-in, whom it is for: else all who use webmail have the container's address. */
    public function tell_address(array $arguments): array
    {
        $arguments['preauth_ident'] = ['x-originating-ip' => rcube_utils::remote_addr()];
        return $arguments;
    }

    /**
     * Give somebody who logs in an identity for each address that Postfix lets them send as, and take away the others:
     * a message from one of these would be refused.
     */
    public function keep_identities(array $arguments): array
    {
        $user = rcmail::get_instance()->user;
        $allowed = $this->addresses_of(strtolower($user->get_username()));
        if (!$allowed) {
            return $arguments;
        }
        $present = array_column($user->list_identities(), 'email', 'identity_id');
        $addresses = array_map(strtolower(...), $present);
        foreach ($allowed as $address) {
            if ($address[0] !== '@' && !in_array($address, $addresses, true)) {
                $user->insert_identity(['email' => $address, 'name' => '', 'standard' => 0]);
            }
        }
        foreach ($addresses as $id => $address) {
            if (!in_array($address, $allowed, true) && !in_array(strrchr($address, '@'), $allowed, true)) {
                $user->delete_identity($id);
            }
        }
        return $arguments;
    }

    /** The addresses that $login may send as; `@domain` stands for a catch-all. */
    private function addresses_of(string $login): array
    {
        $found = [];
        foreach (@file(self::SENDERS, FILE_IGNORE_NEW_LINES) ?: [] as $line) {
            [$address, $logins] = explode(' ', $line, 2) + ['', ''];
            if (in_array($login, explode(', ', $logins), true)) {
                $found[] = $address;
            }
        }
        return $found;
    }
}
