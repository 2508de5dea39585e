"""Certificates and a pre-shared key for servers on this machine."""
import os
import secrets

from .machine import output

_EXTENSIONS = 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n'


def make(directory):
    """Makes the files that servers and clients look for in a directory, and the directory."""
    directory.mkdir(mode=0o700)
    ca_key, ca, key, request, certificate, extensions = (
        directory / it for it in ('ca-key.pem', 'ca-cert.pem', 'server-key.pem', 'server.csr', 'server-cert.pem', 'server.ext'))
    new = ('openssl', 'req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes')
    output(*new, '-x509', '-days', '2', '-subj', '/CN=bench', '-addext', 'keyUsage=critical,keyCertSign,cRLSign', '-keyout', str(ca_key), '-out', str(ca))
    output(*new, '-subj', '/CN=localhost', '-keyout', str(key), '-out', str(request))
    extensions.write_text(_EXTENSIONS)
    output('openssl', 'x509', '-req', '-in', str(request), '-CA', str(ca), '-CAkey', str(ca_key), '-CAcreateserial', '-days', '2',
           '-extfile', str(extensions), '-out', str(certificate))
    with open(os.open(directory / 'keys.psk', os.O_WRONLY | os.O_CREAT, 0o600), 'w') as file:
        file.write('bench:%s\n' % secrets.token_hex(32))
    return directory
