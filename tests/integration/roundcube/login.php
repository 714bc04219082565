<?php
// Logs in over IMAPS again and again, as Roundcube does: a stream socket to ssl://, whose context verifies certificate and
// host name, then LOGIN. After each login it tries whether TLS 1.2 alone gets in too. Prints a line of JSON for each round,
// and ends once /trial/over is there.

const SECONDS = 10; // for each answer

$told = json_decode(file_get_contents('/trial/told.json'), true, flags: JSON_THROW_ON_ERROR);
// A warning is what PHP says of a failed connection: it belongs to the round, not into the output.
set_error_handler(function (int $level, string $message): bool {
    throw new RuntimeException($message);
});

function connected(array $told, array $more = []) {
    $options = ['verify_peer' => true, 'verify_peer_name' => true, 'cafile' => '/trial/ca.crt', ...$more];
    $context = stream_context_create(['ssl' => $options]);
    $stream = stream_socket_client(
        "ssl://{$told['host']}:{$told['port']}", $code, $error, SECONDS, STREAM_CLIENT_CONNECT, $context
    );
    stream_set_timeout($stream, SECONDS);
    return $stream;
}

function line($stream): string {
    $line = fgets($stream);
    if ($line === false) {
        throw new RuntimeException('no answer: ' . json_encode(stream_get_meta_data($stream)));
    }
    return rtrim($line);
}

function said($stream, string $tag, string $command): string {
    fwrite($stream, "$tag $command\r\n");
    do {
        $line = line($stream);
    } while (!str_starts_with($line, "$tag "));
    if (!str_starts_with($line, "$tag OK")) {
        throw new RuntimeException($line);
    }
    return $line;
}

function quoted(string $text): string {
    return '"' . addcslashes($text, '"\\') . '"';
}

function logged_in(array $told): array {
    $stream = connected($told);
    $crypto = stream_get_meta_data($stream)['crypto'];
    $greeting = line($stream);
    if (!str_starts_with($greeting, '* OK')) {
        throw new RuntimeException($greeting);
    }
    said($stream, 'A0001', 'LOGIN ' . quoted($told['user']) . ' ' . quoted($told['password']));
    said($stream, 'A0002', 'LOGOUT');
    fclose($stream);
    return ['protocol' => $crypto['protocol'], 'suite' => $crypto['cipher_name']];
}

function is_let_in_by_tls_1_2(array $told): bool {
    try {
        $stream = connected($told, ['crypto_method' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]);
        line($stream);
        fclose($stream);
        return true;
    } catch (RuntimeException) {
        return false;
    }
}

while (!file_exists('/trial/over')) {
    try {
        $round = logged_in($told);
    } catch (RuntimeException $error) {
        $round = ['error' => $error->getMessage()];
    }
    echo json_encode([...$round, 'tls_1_2' => is_let_in_by_tls_1_2($told)]), "\n";
    usleep(50_000);
}
