"""As much of the NBD protocol as it takes to see that a server answers."""
import socket
import struct

from .errors import BenchError


def connect(address):
    """Connects and shakes hands up to the transmission phase; an OSError means that nobody listens yet."""
    connection = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.settimeout(10)
        connection.connect(address)
        _shake_hands(connection)
        return connection
    except BaseException:
        connection.close()
        raise


def disconnect(connection):
    connection.sendall(struct.pack('>IHHQQI', 0x25609513, 0, 2, 0, 0, 0))
    connection.close()


def _shake_hands(connection):
    if _receive(connection, 18)[:16] != b'NBDMAGICIHAVEOPT':
        raise BenchError('not a newstyle NBD server')
    go, no_name_no_requests = 7, bytes(6)
    connection.sendall(struct.pack('>I', 3) + b'IHAVEOPT' + struct.pack('>II', go, 6) + no_name_no_requests)
    kind = None
    while kind != 1:
        _, _, kind, length = struct.unpack('>QIII', _receive(connection, 20))
        _receive(connection, length)
        if kind & 0x80000000:
            raise BenchError('the server refuses the default export')


def _receive(connection, count):
    data = b''
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            raise OSError('closed in the handshake')
        data += part
    return data
