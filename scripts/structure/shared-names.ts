/** Exported names that are declared in two places and mean the same in both, each with what ties the two. */
export const sharedNames: Readonly<Record<string, string>> = {
  ConfigPushFailure:
    'engine and contract: `hostRecord` in apps/api does not compile when the engine has a kind more',
  ConfigPushFailureKind: 'as ConfigPushFailure',
  PushPhase: 'as ConfigPushFailure, which has it as a field',
};
