import {
  dialHalf,
  fail,
  ok,
  parseAddress,
  parseLocation,
  parseProcId,
  printAddress,
  printAddressUrl,
  printEntityId,
  type ChannelAddress,
  type Fault,
  type ProcId,
  type Result,
} from '@hostmesh/core';

/** One host of a mesh: where its agent is dialled, and the service proc that the agent lives on. */
export interface HostRef {
  readonly address: Exclude<ChannelAddress, { kind: 'alias' }>;
  readonly serviceProc: ProcId;
}

/** The service proc of hosts that have just one, printed as nothing but the address. */
const legacyServiceProc: ProcId = { kind: 'proc', uid: { kind: 'singleton', label: 'service' } };
const isLegacy = ({ uid }: ProcId): boolean => uid.kind === 'singleton' && uid.label === 'service';

/** The host at an address. Of an alias only the dial half becomes part of an identity (reference 2.1). */
export const hostAt = (address: ChannelAddress): HostRef => ({
  address: dialHalf(address),
  serviceProc: legacyServiceProc,
});

/** `tcp:10.0.0.5:26600`, or `service<2>@tcp://10.0.0.5:26600` (reference 4.1). Reads back to the same host. */
export const printHostRef = ({ address, serviceProc }: HostRef): string =>
  isLegacy(serviceProc) ? printAddress(address) : `${printEntityId(serviceProc)}@${printAddressUrl(address)}`;

/**
 * Reads either form. What stands before an `@` must be a proc id for the second one, which is why `unix:@name` is
 * read as an address. Via hops are dropped: they are valid for one client only (reference 4.3, "Improve on it").
 */
export function parseHostRef(text: string): Result<HostRef, Fault> {
  const at = text.indexOf('@');
  const serviceProc = at < 0 ? null : parseProcId(text.slice(0, at));
  if (serviceProc?.ok === true) {
    const location = parseLocation(text.slice(at + 1));
    return location.ok
      ? ok({ address: location.value.address, serviceProc: serviceProc.value })
      : fail(location.fault);
  }
  const address = parseAddress(text);
  return address.ok ? ok(hostAt(address.value)) : address;
}

/** A host as the target of an operation on a mesh. */
export interface HostTarget {
  /** Its rank in the view that is operated on. */
  readonly rank: number;
  readonly address: ChannelAddress;
  /**
   * How reports name the host: its address in native form, with its service proc when that is explicit. The
   * reference names the address alone, which two service procs may share (reference section 6.4).
   */
  readonly text: string;
}
