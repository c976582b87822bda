import { dialHalf, type ChannelAddress } from '../address/address.ts';
import { parseUrl } from '../address/parse-address.ts';
import { printAddressUrl } from '../address/print-address.ts';
import { fail, ok, type Fault, type Result } from '../fault.ts';
import { parseUid, printUid, type Uid } from './uid.ts';
import { parseEntityId, printEntityId, type EntityId } from './entity-id.ts';

/** Where something is reached: gateways to go through, outermost first, then what is dialled (reference 2.4). */
export interface Location {
  readonly via: readonly Uid[];
  /** Never an alias: of one, only the dial half becomes part of an identity. */
  readonly address: Exclude<ChannelAddress, { kind: 'alias' }>;
}

/** Reads `( uid "." )* url`; the URL starts at the first `://` and the letters before it. */
export function parseLocation(text: string): Result<Location, Fault<'invalid_location'>> {
  const invalid = (why: string) =>
    fail({ code: 'invalid_location' as const, message: `invalid location '${text}': ${why}` });
  const hopsEnd = text.lastIndexOf('.', text.indexOf('://')) + 1;
  const address = parseUrl(text.slice(hopsEnd));
  if (address === undefined) return invalid('expected a URL, for example tcp://10.0.0.5:26600');
  if (!address.ok) return invalid(address.fault.message);
  const via: Uid[] = [];
  for (const hop of text.slice(0, hopsEnd).split('.').slice(0, -1)) {
    const uid = parseUid(hop);
    if (!uid.ok) return invalid(uid.fault.message);
    via.push(uid.value);
  }
  return ok({ via, address: dialHalf(address.value) });
}

/** Reads back to the same location. */
export function printLocation(location: Location): string {
  return location.via.map((uid) => `${printUid(uid)}.`).join('') + printAddressUrl(location.address);
}

/** Something on a host, and how to reach it. */
export interface EntityAddress<Id extends EntityId = EntityId> {
  readonly id: Id;
  readonly location: Location;
}

/** Reads `id@location`. The fault says which half is wrong. */
export function parseEntityAddress(text: string): Result<EntityAddress> {
  const at = text.indexOf('@');
  if (at < 0) {
    return fail({ code: 'invalid_address', message: 'invalid address: expected format `<id>@<location>`' });
  }
  const id = parseEntityId(text.slice(0, at));
  if (!id.ok) return id;
  const location = parseLocation(text.slice(at + 1));
  return location.ok ? ok({ id: id.value, location: location.value }) : location;
}

/** Reads back to the same address. */
export function printEntityAddress(address: EntityAddress): string {
  return `${printEntityId(address.id)}@${printLocation(address.location)}`;
}
