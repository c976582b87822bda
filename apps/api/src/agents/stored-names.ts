import {
  parseAddress,
  parseHostMeshId,
  type ChannelAddress,
  type HostMeshId,
  type Result,
} from '@hostmesh/core';

/** The address that a stored text names: only addresses that were parsed are ever stored. */
export const storedAddress = (text: string): ChannelAddress => valueOf(text, parseAddress(text));

/** The id of a mesh that a stored name or id names: only what was parsed is ever stored. */
export const storedHostMeshId = (text: string): HostMeshId => valueOf(text, parseHostMeshId(text));

function valueOf<T>(text: string, parsed: Result<T, { readonly message: string; readonly code: string }>): T {
  if (!parsed.ok) throw new Error(`stored ${text}: ${parsed.fault.message}`);
  return parsed.value;
}
