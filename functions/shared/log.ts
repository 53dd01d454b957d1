type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;
type Level = 'info' | 'warn' | 'error';

let sink = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Sends log lines elsewhere, for a run that keeps its terminal for people. */
export const setLogSink = (to: (line: string) => void): void => {
  sink = to;
};

const write =
  (level: Level) =>
  (event: string, fields: Fields = {}): void =>
    sink(JSON.stringify({ level, event, ...fields }));

/**
 * One JSON line per event: a dotted name and flat fields. Never a whole event, body, address or token: ids only.
 */
export const log = { info: write('info'), warn: write('warn'), error: write('error') };

/**
 * What may be logged of an unknown error: its class, code and place. Messages may quote input (Node's JSON
 * SyntaxError quotes the body), so they stay out.
 */
export const errorFields = (error: unknown): Fields => {
  if (!(error instanceof Error)) return { error: typeof error };
  const place = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { error: error.name, code, at: place?.trim() };
};
