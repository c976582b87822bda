export { assertNever, fail, ok, type Fault, type Result } from './fault/fault.ts';
