import { fail, ok, type Result } from '../fault.ts';
import type { AddressFault, ChannelAddress, TcpAddress } from './address.ts';
import { parseTcp, parseTls } from './authority.ts';
import { parseLocal, parseNative, parseUnix } from './parse-native.ts';

/** `*` is every interface, IPv6 and IPv4. */
const anyInterface = (authority: string) => authority.replace(/^\*(?=:)/, '[::]');

function parseAlias(dialText: string, bindUrl: string): Result<ChannelAddress, AddressFault> {
  const invalid = (why: string) =>
    fail<AddressFault>({ code: 'invalid_alias', message: `invalid alias: ${why}` });
  if (!bindUrl.startsWith('tcp://')) return invalid('what follows @ must be a tcp:// URL');
  const halves: TcpAddress[] = [];
  for (const half of [dialText, bindUrl.slice('tcp://'.length)]) {
    const parsed = parseTcp(anyInterface(half));
    if (!parsed.ok) return invalid(parsed.fault.message);
    halves.push(parsed.value);
  }
  const [dial, bind] = halves;
  return dial && bind ? ok({ kind: 'alias', dial, bind }) : invalid('it has two halves');
}

/** Reads the URL form (reference 2.1); undefined when the text is not in URL form. */
export function parseUrl(text: string): Result<ChannelAddress, AddressFault> | undefined {
  const [, scheme, rest] = /^([a-z]+):\/\/(.*)$/s.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return undefined;
  switch (scheme) {
    case 'tcp': {
      const at = rest.indexOf('@');
      return at < 0 ? parseTcp(anyInterface(rest)) : parseAlias(rest.slice(0, at), rest.slice(at + 1));
    }
    case 'tls':
    case 'metatls':
    case 'quic':
    case 'metaquic':
      return parseTls(scheme, anyInterface(rest));
    case 'inproc':
      return parseLocal(rest);
    case 'ipc':
      return parseUnix(rest);
    case 'unix': // native: a path that begins with more than one slash
      return undefined;
    default:
      return fail({
        code: 'unknown_channel_type',
        message: `no such channel type: ${scheme}; use tcp, tls, ipc or inproc`,
      });
  }
}

/**
 * Reads an address in either form of reference 2.1. One reader for both is our answer to its "Accept one grammar
 * only": no text means something else depending on where it stands. Never throws, never resolves a name.
 */
export function parseAddress(text: string): Result<ChannelAddress, AddressFault> {
  return parseUrl(text) ?? parseNative(text);
}
