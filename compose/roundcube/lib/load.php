<?php
// Load the configuration in the file $argv[1] as Roundcube does, and print as JSON what it sets and what PHP says of it:
// in a process of its own, since such a file may end it.

$faults = [];
set_error_handler(function (int $level, string $message, string $file, int $line) use (&$faults): bool {
    $faults[] = [$line, $message];
    return true;
});
register_shutdown_function(function () use (&$faults, &$config): void {
    ob_end_clean();
    echo json_encode(['config' => $config, 'faults' => $faults], JSON_PARTIAL_OUTPUT_ON_ERROR);
});

ob_start();
define('RCUBE_INSTALL_PATH', '/var/lib/roundcube/');
require '/etc/roundcube/defaults.inc.php';
$config = [];
try {
    include $argv[1];
} catch (Throwable $error) {
    $from = array_filter($error->getTrace(), fn ($frame) => ($frame['file'] ?? '') === $argv[1]);
    $line = $error->getFile() === $argv[1] ? $error->getLine() : (reset($from)['line'] ?? 0);
    $faults[] = [$line, $error->getMessage()];
}
