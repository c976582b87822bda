import { unlink } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect, type ListenOptions } from 'node:net';
import { fail, ok, printAddress, type ChannelAddress, type Fault, type Result } from '@hostmesh/core';
import { readSocketError } from '../channel/socket-error.ts';
import type { SocketAddress } from '../dial/socket-address.ts';

/** Why an agent does not listen: an errno such as `EADDRINUSE`, `TLS_CREDENTIALS`, `NO_AGENT_KEY`, `NOT_PRIVATE` or
 * `UNSUPPORTED_ADDRESS`. */
export type ListenFault = Fault & { readonly address: ChannelAddress };

/** Listens, and tells the real port when 0 was asked for. */
export async function listen(
  server: Server,
  address: SocketAddress,
): Promise<Result<SocketAddress, ListenFault>> {
  let failure = await tryListen(server, address);
  if (failure !== undefined && address.kind === 'unix' && (await isAbandoned(address.path))) {
    await unlink(address.path);
    failure = await tryListen(server, address);
  }
  if (failure !== undefined) {
    const { code, message } = readSocketError(failure);
    const why = code === 'EADDRINUSE' ? 'the address is taken' : message;
    return fail({
      code,
      message: `cannot listen on ${printAddress(address)}: ${why}`,
      address,
      cause: failure,
    });
  }
  const bound = server.address();
  const port = typeof bound === 'object' ? bound?.port : undefined;
  return ok('port' in address && port !== undefined ? { ...address, port } : address);
}

function tryListen(server: Server, address: SocketAddress): Promise<Error | undefined> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(listenOptions(address), () => {
      server.off('error', resolve);
      resolve(undefined);
    });
  });
}

function listenOptions(address: SocketAddress): ListenOptions {
  if (address.kind === 'unix') return { path: address.path };
  if (address.kind === 'unix-abstract') return { path: `\0${address.name}` };
  return { host: address.host, port: address.port };
}

/** A killed agent leaves its socket file behind; nobody answers there any more. */
function isAbandoned(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.on('connect', () => resolve(false));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
    socket.on('connect', () => socket.destroy());
  });
}
