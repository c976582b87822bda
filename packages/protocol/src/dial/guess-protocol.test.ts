import { expect, test } from 'vitest';
import { guessProtocol } from './guess-protocol.ts';

test.each([
  ['SSH-2.0-OpenSSH_9.6\r\n', 'an SSH server'],
  ['HTTP/1.0 400 Bad Request\r\n', 'an HTTP/1.0 server'],
  ['\0\0\x12\x04\0\0\0\0\0\0\x03', 'an HTTP/2 or gRPC server'],
  ['\x15\x03\x01\0\x02\x02\x46', 'a TLS server; an agent with TLS is written tls:host:port'],
  ["-ERR wrong number of arguments for 'get' command\r\n", 'Redis'],
  ['-NOAUTH Authentication required.\r\n', 'Redis'],
  ['E\0\0\0\x8dSFATAL\0', 'PostgreSQL'],
  ['J\0\0\0\n8.0.36\0', 'MySQL or MariaDB'],
  ['AMQP\0\0\x09\x01', 'an AMQP broker, such as RabbitMQ'],
  ['INFO {"server_id":"N"}\r\n', 'a NATS server'],
  ['220 mail.example ESMTP\r\n', 'a mail or FTP server'],
  ['ERROR\r\n', 'memcached'],
  ['\xff\xfd\x01', 'a telnet server'],
])('%j seems to be %s', (answer, what) => {
  expect(guessProtocol(Buffer.from(answer, 'latin1'))).toBe(`it seems to be ${what}`);
});

test('what is not known is quoted, as text that is short or as bytes', () => {
  expect(guessProtocol(Buffer.from(`hello ${'x'.repeat(200)}\n`))).toBe(
    `its answer begins with "hello ${'x'.repeat(34)}"`,
  );
  expect(guessProtocol(Buffer.from('\x1b[2J\x07', 'latin1'))).toBe(
    'its answer begins with the bytes 1b5b324a07',
  );
});
