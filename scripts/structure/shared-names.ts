/** Exported names that are declared in two places and mean the same in both, each with what ties the two. */
export const sharedNames: Readonly<Record<string, string>> = {};
