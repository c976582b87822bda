import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { ListenOptions } from 'node:net';
import { fail, ok, printAddress, type ChannelAddress, type Fault, type Result } from '@hostmesh/core';
import type { SocketAddress, TlsCredentials } from '../dial/open-socket.ts';

/** Why an agent does not listen: an errno such as `EADDRINUSE`, `TLS_CREDENTIALS` or `UNSUPPORTED_ADDRESS`. */
export type ListenFault = Fault & { readonly address: ChannelAddress };

/** An HTTP server for `address`; over TLS it only talks to clients with a certificate of the same authority. */
export function createServerFor(
  address: SocketAddress,
  credentials: TlsCredentials | undefined,
): Result<Server, ListenFault> {
  if (address.kind !== 'tls') return ok(createHttpServer({ noDelay: true }));
  if (credentials === undefined) {
    return fail({ code: 'TLS_CREDENTIALS', message: 'listening on tls: needs certificates', address });
  }
  try {
    return ok(
      createHttpsServer({
        ...credentials,
        noDelay: true,
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: 'TLSv1.2',
      }),
    );
  } catch (cause) {
    return fail({ code: 'TLS_CREDENTIALS', message: 'the certificates cannot be used', address, cause });
  }
}

/** Listens, and tells the real port when 0 was asked for. */
export async function listen(
  server: Server,
  address: SocketAddress,
): Promise<Result<SocketAddress, ListenFault>> {
  const failure = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen(listenOptions(address), () => {
      server.off('error', resolve);
      resolve(undefined);
    });
  });
  if (failure !== undefined) {
    const code = failure.code ?? 'UNKNOWN';
    const why = code === 'EADDRINUSE' ? 'the address is taken' : failure.message;
    return fail({
      code,
      message: `cannot listen on ${printAddress(address)}: ${why}`,
      address,
      cause: failure,
    });
  }
  const bound = server.address();
  return ok(
    'port' in address && bound !== null && typeof bound === 'object'
      ? { ...address, port: bound.port }
      : address,
  );
}

function listenOptions(address: SocketAddress): ListenOptions {
  if (address.kind === 'unix') return { path: address.path };
  if (address.kind === 'unix-abstract') return { path: `\0${address.name}` };
  return { host: address.host, port: address.port };
}
