import type { SendResult } from './mailer.ts';

/**
 * The only place that decides what a failed call to SES means for the mail. What SES did not clearly turn down, and
 * what may have reached it, is `unknown`: that mail is never sent again without evidence. `from`: the sender's address.
 */
export const resultOfError = (error: unknown, from: string): SendResult => {
  const { status, code, message } = seen(error);
  if (status === undefined) {
    return { is: neverReached(error) ? 'not-reached' : 'unknown', code };
  }
  if (status >= 500 || status < 400 || status === 408 || NO_CODE.has(code)) return { is: 'unknown', code };
  if (THROTTLING.has(code) || status === 429) {
    return /daily/i.test(message) ? { is: 'paused', code: 'DailyQuotaExceeded' } : { is: 'throttled' };
  }
  // Sending or access is closed for everybody: the edition waits for a person, no reader is written off.
  if (PAUSED.test(code) || status === 401 || status === 403) return { is: 'paused', code };
  if (isOfSender(message, from)) return { is: 'paused', code: 'SenderNotVerified' };
  return { is: 'refused', code };
};

/** The SDK's names for an answer in which it found no code: somebody else than SES wrote it. */
const NO_CODE = new Set(['Unknown', 'UnknownError', 'Error', 'SESServiceException']);
const THROTTLING = new Set(['Throttling', 'ThrottlingException', 'TooManyRequestsException', 'RequestThrottled']);
const PAUSED =
  /(SendingPaused|AccountSuspended|LimitExceeded|RequestExpired|OptInRequired|ConfigurationSetDoesNotExist|MailFromDomainNotVerified)/;

/** SES names whom it has not verified: the sender, or in the sandbox this one reader. */
const isOfSender = (message: string, from: string): boolean =>
  /not verified/i.test(message) &&
  message
    .toLowerCase()
    .split(/[\s,;:]+/)
    .includes(from.toLowerCase());

interface Seen {
  /** Of the answer; without one, nobody knows what SES did. */
  readonly status: number | undefined;
  readonly code: string;
  readonly message: string;
}

const seen = (error: unknown): Seen => {
  if (!(error instanceof Error)) return { status: undefined, code: typeof error, message: '' };
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  return {
    status: typeof status === 'number' ? status : undefined,
    code: codeOf(error) ?? error.name,
    message: error.message,
  };
};

/** Node's code (`ECONNRESET`) where there is one; SES's own codes are the error's name. */
const codeOf = (error: Error): string | undefined =>
  'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** Failures of TLS: no byte of the request is written before the handshake is done. */
const TLS = /^(ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_CERT|DEPTH_ZERO_|UNABLE_TO_|EPROTO$|HOSTNAME_MISMATCH$)/;

/** True only where it is proven that SES cannot have seen the request. */
const neverReached = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  // Node tries every address of a name and reports the failures together.
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(neverReached);
  if ('syscall' in error && (error.syscall === 'connect' || error.syscall === 'getaddrinfo')) return true;
  if (TLS.test(codeOf(error) ?? '')) return true;
  // The SDK signs before it connects; its own connection time-out and Node's broken handshake have no other sign.
  return (
    error.name === 'CredentialsProviderError' ||
    /did not establish a connection|before secure TLS connection was established/.test(error.message)
  );
};
