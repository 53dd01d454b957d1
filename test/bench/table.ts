import { cpus, loadavg, totalmem } from 'node:os';

export interface Row {
  readonly what: string;
  readonly figure: string;
  readonly note?: string;
}

/** The machine the figures were taken on, in a line, and its load in the last minute: what else it does. */
export const machine = (): string => {
  const [first] = cpus();
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, load ${(loadavg()[0] ?? 0).toFixed(1)}`;
};

export const printTable = (title: string, rows: readonly Row[]): void => {
  const width = Math.max(...rows.map((row) => row.what.length));
  const figures = Math.max(...rows.map((row) => row.figure.length));
  console.log(`\n${title}`);
  for (const { what, figure, note } of rows) {
    console.log(`  ${what.padEnd(width)}  ${figure.padStart(figures)}${note ? `  ${note}` : ''}`);
  }
};

/** The value below which this share of the values lies. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
};

export const milliseconds = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;

export const perSecond = (count: number, ms: number): string =>
  `${Math.round((count / ms) * 1000).toLocaleString('en')}/s`;
