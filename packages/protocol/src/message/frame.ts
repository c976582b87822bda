import { z } from 'zod';
import { Answer } from './answer.ts';
import { AgentEvent } from './event.ts';
import { Hello } from './hello.ts';

/** Whatever an agent sends. */
export const AgentFrame = z.union([Hello, Answer, AgentEvent]);
export type AgentFrame = z.infer<typeof AgentFrame>;
