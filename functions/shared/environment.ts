/**
 * A function's settings, as `infra/topology.ts` hands them out. Read when a door connects, never at import, so that
 * importing a file does nothing.
 */
export const environment = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`The environment variable ${name} is not set.`);
  return value;
};

/** A setting that is not handed out everywhere; empty where it is not. */
export const optionalEnvironment = (name: string): string => process.env[name] ?? '';

/** The public address of this newsroom, without a slash at its end. */
export const siteUrl = (): string => environment('SITE_URL').replace(/\/+$/, '');
