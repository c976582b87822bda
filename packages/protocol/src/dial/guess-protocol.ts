/** What an answer begins with, as text of one byte a character, and what speaks so. */
const beginnings: readonly (readonly [RegExp | ((bytes: Buffer) => boolean), string])[] = [
  [/^HTTP\/1\.0 /, 'an HTTP/1.0 server'],
  // A SETTINGS frame of stream 0: what a server of HTTP/2 says first.
  [
    (bytes) => bytes.length >= 9 && bytes[0] === 0 && bytes[3] === 4 && bytes.readUInt32BE(5) === 0,
    'an HTTP/2 or gRPC server',
  ],
  // A TLS alert or handshake record.
  [
    (bytes) => (bytes[0] === 21 || bytes[0] === 22) && bytes[1] === 3,
    'a TLS server; an agent with TLS is written tls:host:port',
  ],
  [/^SSH-/, 'an SSH server'],
  [/^(-(ERR|NOAUTH|DENIED|MISCONF|LOADING)\b|\+PONG)/, 'Redis'],
  [(bytes) => bytes[0] === 0x45 && bytes[1] === 0, 'PostgreSQL'],
  // The length of its greeting in three bytes, the number 0, and the version 10 of its protocol or an error.
  [(bytes) => bytes[2] === 0 && bytes[3] === 0 && [10, 255].includes(bytes[4] ?? 0), 'MySQL or MariaDB'],
  [/^AMQP/, 'an AMQP broker, such as RabbitMQ'],
  [/^INFO \{/, 'a NATS server'],
  [/^RFB /, 'a VNC server'],
  [/^220[ -]/, 'a mail or FTP server'],
  [/^\+OK/, 'a POP3 server'],
  [/^\* OK/, 'an IMAP server'],
  [/^(ERROR|CLIENT_ERROR)\b/, 'memcached'],
  [(bytes) => bytes[0] === 255 && (bytes[1] ?? 0) >= 251, 'a telnet server'],
];

const MAX_QUOTED = 40;

/** What seems to speak, going by the first bytes of its answer to our greeting. */
export function guessProtocol(bytes: Buffer): string {
  const text = bytes.toString('latin1', 0, 256);
  const known = beginnings.find(([beginning]) =>
    beginning instanceof RegExp ? beginning.test(text) : beginning(bytes),
  );
  if (known !== undefined) return `it seems to be ${known[1]}`;
  const [line = ''] = text.split(/[\r\n]/, 1);
  const isReadable = /^[\x20-\x7e]{3,}$/.test(line);
  return isReadable
    ? `its answer begins with "${line.slice(0, MAX_QUOTED)}"`
    : `its answer begins with the bytes ${bytes.subarray(0, 8).toString('hex')}`;
}

/**
 * Of one that hangs up at our greeting without a word. Protocols whose messages begin with a length take the greeting
 * for a huge one: hosts of Monarch do, as do Kafka and ZooKeeper.
 */
export const WORDLESS =
  'it hangs up at our greeting without a word, as a Monarch host does, or another service with a binary protocol';
