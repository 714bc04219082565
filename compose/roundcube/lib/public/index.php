<?php
// The one program that `web` may have run: it leads to Roundcube's own, which lies where no browser reaches.
const INSTALL_PATH = '/var/lib/roundcube/';
require INSTALL_PATH . 'index.php';
