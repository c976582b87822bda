import { declareKeys, local, pushed } from './key.ts';
import { bool, duration, float, integer, nonZeroInteger, string } from './scalar-codecs.ts';
import { pem } from './structured-codecs.ts';

/** Keys of messages, channels and actors (Reference 7.4). */
export const transportKeys = declareKeys('hyperactor::config', {
  MESSAGE_DELIVERY_TIMEOUT: pushed(
    'HYPERACTOR_MESSAGE_DELIVERY_TIMEOUT',
    duration,
    '30s',
    'The transport gives up on a message that was not acknowledged for this long.',
  ),
  MESSAGE_TTL_DEFAULT: pushed(
    'HYPERACTOR_MESSAGE_TTL_DEFAULT',
    integer(255),
    '64',
    'Hops after which a message is dropped.',
  ),
  CODEC_MAX_FRAME_LENGTH: pushed(
    'HYPERACTOR_CODEC_MAX_FRAME_LENGTH',
    integer(),
    '10737418240',
    'Longest frame in bytes.',
  ),
  SPLIT_MAX_BUFFER_SIZE: pushed(
    'HYPERACTOR_SPLIT_MAX_BUFFER_SIZE',
    integer(),
    '5',
    'Replies that a relay collects before it reduces them.',
  ),
  SPLIT_MAX_BUFFER_AGE: pushed(
    'HYPERACTOR_SPLIT_MAX_BUFFER_AGE',
    duration,
    '50ms',
    'Longest time that a relay keeps a reply before it reduces.',
  ),
  STOP_ACTOR_TIMEOUT: pushed('HYPERACTOR_STOP_ACTOR_TIMEOUT', duration, '10s', 'Time for one actor to stop.'),
  CLEANUP_TIMEOUT: pushed(
    'HYPERACTOR_CLEANUP_TIMEOUT',
    duration,
    '3s',
    'Time for the cleanup hook of an actor.',
  ),
  FORWARDER_FLUSH_TIMEOUT: pushed(
    'HYPERACTOR_FORWARDER_FLUSH_TIMEOUT',
    duration,
    '5s',
    'Time to send what is still queued before a host leaves.',
  ),
  SERVER_HEARTBEAT_INTERVAL: pushed(
    'HYPERACTOR_SERVER_HEARTBEAT_INTERVAL',
    duration,
    '1s',
    'Pause between two heartbeats of a channel server.',
  ),
  CHANNEL_RECONNECT_TIMEOUT: pushed(
    'HYPERACTOR_CHANNEL_RECONNECT_TIMEOUT',
    duration,
    '1m',
    'A channel that has not reconnected for this long is closed.',
  ),
  CHANNEL_TCP_KEEPALIVE_IDLE: pushed(
    'HYPERACTOR_CHANNEL_TCP_KEEPALIVE_IDLE',
    duration,
    '1m',
    'Idle time after which TCP probes its peer.',
  ),
  TERMINATED_SNAPSHOT_RETENTION: pushed(
    'HYPERACTOR_TERMINATED_SNAPSHOT_RETENTION',
    integer(),
    '100',
    'Dead actors that a proc remembers for a post-mortem.',
  ),
  MESSAGE_ACK_TIME_INTERVAL: pushed(
    'HYPERACTOR_MESSAGE_ACK_TIME_INTERVAL',
    duration,
    '500ms',
    'Longest time before received messages are acknowledged.',
  ),
  MESSAGE_ACK_EVERY_N_MESSAGES: pushed(
    'HYPERACTOR_MESSAGE_ACK_EVERY_N_MESSAGES',
    nonZeroInteger(),
    '1000',
    'Most messages before they are acknowledged.',
  ),
  MESSAGE_LATENCY_SAMPLING_RATE: pushed(
    'HYPERACTOR_MESSAGE_LATENCY_SAMPLING_RATE',
    float,
    '0.01',
    'Share of messages whose latency is measured.',
  ),
  ENABLE_DEST_ACTOR_REORDERING_BUFFER: pushed(
    'HYPERACTOR_ENABLE_DEST_ACTOR_REORDERING_BUFFER',
    bool,
    '1',
    'Messages are put back into the order in which they were sent.',
  ),
  CHANNEL_NET_RX_BUFFER_FULL_CHECK_INTERVAL: pushed(
    'HYPERACTOR_CHANNEL_NET_RX_BUFFER_FULL_CHECK_INTERVAL',
    duration,
    '5s',
    'Pause between two looks at a full receive buffer.',
  ),
  CHANNEL_TCP_CONGESTION: pushed(
    'HYPERACTOR_CHANNEL_TCP_CONGESTION',
    string,
    '',
    'Congestion control of TCP; empty: that of the system.',
  ),
});

/** Credentials of this process, which never leave it. */
export const tlsKeys = declareKeys('hyperactor::config', {
  TLS_CERT: local(
    'HYPERACTOR_TLS_CERT',
    pem,
    '/etc/hyperactor/tls/tls.crt',
    'Certificate of this process: PEM text or a path.',
  ),
  TLS_KEY: local(
    'HYPERACTOR_TLS_KEY',
    pem,
    '/etc/hyperactor/tls/tls.key',
    'Private key of this process: PEM text or a path.',
    { secret: true },
  ),
  TLS_CA: local(
    'HYPERACTOR_TLS_CA',
    pem,
    '/etc/hyperactor/tls/ca.crt',
    'Authorities that this process trusts: PEM text or a path.',
  ),
});
