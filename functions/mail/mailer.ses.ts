import {
  GetAccountSendingEnabledCommand,
  GetIdentityDkimAttributesCommand,
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  SESClient,
  SendRawEmailCommand,
} from '@aws-sdk/client-ses';
import { withBriefCalls } from './brief.ses.ts';
import { withQuickBodies } from './mailBody.ses.ts';
import type { MailAccount, Mailer, SendResult } from './mailer.ts';
import { resultOfError } from './sesError.ts';

/** So many calls can be under way: 500 mails a second at a quarter of a second each. */
const MOST_SOCKETS = 128;
/** An idle connection is closed before SES or a frozen function lets it die unnoticed: a mail on it would be “unknown”. */
const IDLE_MS = 5000;

/**
 * One try per call: the SDK's own retries would send a mail again after a reset that came when SES had taken it.
 * `requestTimeout` alone only warns.
 */
export const sesClient = (): SESClient =>
  withBriefCalls(
    withQuickBodies(
      new SESClient({
        maxAttempts: 1,
        requestHandler: {
          connectionTimeout: 2000,
          requestTimeout: 10_000,
          throwOnRequestTimeout: true,
          httpsAgent: { keepAlive: true, maxSockets: MOST_SOCKETS, timeout: IDLE_MS },
          httpAgent: { keepAlive: true, maxSockets: MOST_SOCKETS, timeout: IDLE_MS },
        },
      }),
    ),
  );

export const sesMailer = (client: SESClient, configurationSet: string): Mailer => ({
  async send({ from, to, raw, tags }): Promise<SendResult> {
    try {
      const { MessageId } = await client.send(
        new SendRawEmailCommand({
          Source: from,
          Destinations: [to],
          RawMessage: { Data: raw },
          Tags: Object.entries(tags).map(([Name, Value]) => ({ Name, Value })),
          ConfigurationSetName: configurationSet,
        }),
      );
      return MessageId ? { is: 'sent', messageId: MessageId } : { is: 'unknown', code: 'NoMessageId' };
    } catch (error) {
      // What went wrong decides whether a mail may ever be sent again, so every failure becomes a word here.
      return resultOfError(error, from);
    }
  },

  quota: () => quotaOf(client),
});

const quotaOf = async (client: SESClient): ReturnType<MailAccount['quota']> => {
  const { MaxSendRate = 0, Max24HourSend = 0, SentLast24Hours = 0 } = await client.send(new GetSendQuotaCommand());
  return {
    perSecond: MaxSendRate,
    // SES says -1 for “no limit”.
    perDay: Max24HourSend < 0 ? Number.POSITIVE_INFINITY : Max24HourSend,
    sentLastDay: SentLast24Hours,
  };
};

export const sesAccount = (client: SESClient): MailAccount => ({
  quota: () => quotaOf(client),

  async isEnabled() {
    const { Enabled = true } = await client.send(new GetAccountSendingEnabledCommand());
    return Enabled;
  },

  async isVerified(identities) {
    const { VerificationAttributes = {} } = await client.send(
      new GetIdentityVerificationAttributesCommand({ Identities: [...identities] }),
    );
    return Object.values(VerificationAttributes).some(({ VerificationStatus }) => VerificationStatus === 'Success');
  },

  async signsFor(domain) {
    const { DkimAttributes } = await client.send(new GetIdentityDkimAttributesCommand({ Identities: [domain] }));
    const there = DkimAttributes?.[domain];
    return there?.DkimEnabled === true && there.DkimVerificationStatus === 'Success';
  },
});
