/** Why no process could be made of exactly what was asked for. Nothing else is run in its place, nor is it tried again. */
export const startFaultCodes = [
  'not_found', // the host has no such program
  'not_executable', // it has, and its agent may not execute it
  'exec_format', // the kernel of the host does not run such a file
  'interpreter_missing', // what is to read a script, or to load a program, is not there
] as const;
