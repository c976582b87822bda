import type { Result } from '../fault/fault.ts';
import type { AddressFault, ChannelAddress } from './address.ts';
import { parseNative } from './parse-native.ts';
import { parseUrl } from './parse-url.ts';

/**
 * Reads an address in either form of reference 2.1. One reader for both is our answer to its "Accept one grammar
 * only": no text means something else depending on where it stands. Never throws, never resolves a name.
 */
export function parseAddress(text: string): Result<ChannelAddress, AddressFault> {
  return parseUrl(text) ?? parseNative(text);
}
