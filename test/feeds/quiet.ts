import { afterAll, beforeAll } from 'vitest';
import { setLogSink } from '../../functions/shared/log.ts';

/** Keeps what is logged, for a test that asks for it, and the terminal quiet. */
export const loggedLines: { level: string; event: string; [field: string]: unknown }[] = [];

beforeAll(() => setLogSink((line) => void loggedLines.push(JSON.parse(line))));
afterAll(() => setLogSink((line) => void process.stdout.write(`${line}\n`)));
