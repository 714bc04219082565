<?php
// Roundcube at mail.example.org. Rendered by mailrig from the inventory: edits here do not last.
// What is not set here has the value of /etc/roundcube/defaults.inc.php.

require_once '/usr/local/lib/mailrig/languages.php';

$config = [];

// --- The mail server: by the names of its containers, whose certificate is for the host's ---
$tls = ['ssl' => [
    'verify_peer' => true,
    'verify_peer_name' => true,
    'peer_name' => 'mail.example.org',
    'cafile' => '/etc/ssl/certs/ca-certificates.crt',
]];
$config['imap_host'] = 'ssl://dovecot:993';
$config['imap_conn_options'] = $tls;
$config['imap_timeout'] = 30;
// Submission, as the user who is logged in.
$config['smtp_host'] = 'ssl://postfix:465';
$config['smtp_conn_options'] = $tls;
$config['smtp_user'] = '%u';
$config['smtp_pass'] = '%p';
$config['smtp_helo_host'] = 'mail.example.org';
$config['managesieve_host'] = 'tls://dovecot:4190';
$config['managesieve_conn_options'] = $tls;
$config['managesieve_default'] = '';
$config['managesieve_vacation'] = 1;

// --- The database ---
$config['db_dsnw'] = <secret 65b48b92>;

// --- Who is let in ---
// A person's mail password lies in the session, encrypted with this key.
$config['des_key'] = <secret 0e37387d>;
$config['login_rate_limit'] = 5;
$config['session_lifetime'] = 30;
$config['session_samesite'] = 'Lax';
$config['use_https'] = true;
// web says the browser's address by FastCGI itself. Nobody is believed who tells one in a header.
$config['proxy_whitelist'] = [];
$config['enable_installer'] = false;
// web says this, for all of its pages.
$config['x_frame_options'] = false;

// --- What it tells of itself: no version, neither on the page nor in a message ---
$config['product_name'] = 'Example\'s mail';
$config['useragent'] = 'Example\'s mail';
$config['display_product_info'] = 0;
$config['support_url'] = '/setup';

// --- What people see ---
$config['mailrig_languages'] = ['ja', 'en'];
$config['language'] = mailrig_language($config['mailrig_languages']);
$config['skin'] = 'elastic';
$config['plugins'] = ['archive', 'managesieve', 'markasjunk', 'zipdownload', 'mailrig'];
// Dovecot's own, and one for what is to be kept.
$config['drafts_mbox'] = 'Drafts';
$config['sent_mbox'] = 'Sent';
$config['junk_mbox'] = 'Junk';
$config['trash_mbox'] = 'Trash';
$config['archive_mbox'] = 'Archive';
$config['create_default_folders'] = true;
// Nothing is fetched from elsewhere by itself: a picture would tell its sender that a message was read.
$config['show_images'] = 0;
$config['enable_spellcheck'] = false;
// Addresses come from the inventory, by the plugin `mailrig`: here, a person gives them a name and a signature.
$config['identities_level'] = 1;
$config['max_message_size'] = '52428800';

// --- Logs: the container's own, with who logged in from where ---
$config['log_driver'] = 'stdout';
$config['log_logins'] = true;
$config['temp_dir'] = '/var/lib/mailrig/roundcube/data/temp';
