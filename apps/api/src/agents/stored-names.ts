import {
  parseAddress,
  parseHostMeshId,
  type ChannelAddress,
  type HostMeshId,
  type Result,
} from '@hostmesh/core';

/** The address that a stored text names: only addresses that were parsed are ever stored. */
export const storedAddress = (text: string): ChannelAddress => valueOf(text, parseAddress(text));

/** The id of a mesh, of a name or id that was checked before. */
export const hostMeshIdOf = (text: string): HostMeshId => valueOf(text, parseHostMeshId(text));

function valueOf<T>(text: string, parsed: Result<T, { readonly message: string; readonly code: string }>): T {
  if (!parsed.ok) throw new Error(`stored ${text}: ${parsed.fault.message}`);
  return parsed.value;
}
