/** Whether tests that repeat themselves do so as often as it takes to trust them (`pnpm test:long`), which takes minutes. */
export const isSoak = process.env.HOSTMESH_SOAK === '1';
