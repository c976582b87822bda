import type { Fault } from '@hostmesh/core';

/** Why no process can be made of exactly the file that was asked for; another try would not change it. */
export type ProgramFault = Fault<'not_found' | 'not_executable' | 'exec_format' | 'interpreter_missing'>;
