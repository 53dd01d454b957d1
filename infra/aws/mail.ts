import { ArnFormat, CfnOutput, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  ConfigurationSet,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  MailFromBehaviorOnMxFailure,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { CONFIGURATION_SET } from '../topology.ts';
import type { QueuePair } from './queues.ts';

interface MailProps {
  /** The address every mail comes from. */
  readonly senderAddress: string;
  readonly feedback: QueuePair;
}

/**
 * SES: the sender's domain, the configuration set that every mail names, and the way back: what became of each mail
 * goes to a topic and from there to the `feedback` queue. There is no public address that takes such events.
 */
export class Mail extends Construct {
  /** What a function that sends mail may do, and nothing more. */
  readonly sendingStatements: readonly PolicyStatement[];
  /** What a function may do that only asks how the account stands. */
  readonly askingStatements: readonly PolicyStatement[] = askingStatements();
  /** Where SES says what became of each mail. */
  readonly eventsTopicArn: string;

  constructor(scope: Construct, id: string, { senderAddress, feedback }: MailProps) {
    super(scope, id);
    const domain = senderAddress.slice(senderAddress.lastIndexOf('@') + 1);
    const configurationSet = new ConfigurationSet(this, 'ConfigurationSet', {
      configurationSetName: CONFIGURATION_SET,
      reputationMetrics: true,
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    });
    const identity = new EmailIdentity(this, 'Sender', {
      identity: Identity.domain(domain),
      configurationSet,
      // SPF is checked against this domain, so that it is ours and DMARC holds by SPF as well as by DKIM.
      mailFromDomain: `bounces.${domain}`,
      mailFromBehaviorOnMxFailure: MailFromBehaviorOnMxFailure.USE_DEFAULT_VALUE,
      feedbackForwarding: false,
    });
    this.eventsTopicArn = this.reportTo(configurationSet, feedback);
    this.sendingStatements = sendingStatements(identity.emailIdentityArn, this.configurationSetArn(), senderAddress);
    this.tellDnsRecords(identity, domain);
  }

  private reportTo(configurationSet: ConfigurationSet, { queue, setAside }: QueuePair): string {
    const events = new Topic(this, 'Events', { displayName: 'What became of mails', enforceSSL: true });
    configurationSet.addEventDestination('ToTopic', {
      destination: EventDestination.snsTopic(events),
      events: [
        EmailSendingEvent.SEND,
        EmailSendingEvent.DELIVERY,
        EmailSendingEvent.BOUNCE,
        EmailSendingEvent.COMPLAINT,
        EmailSendingEvent.REJECT,
      ],
    });
    // The subscription adds a queue policy that lets in this one topic only (aws:SourceArn).
    events.addSubscription(new SqsSubscription(queue, { deadLetterQueue: setAside }));
    return events.topicArn;
  }

  private configurationSetArn(): string {
    return Stack.of(this).formatArn({
      service: 'ses',
      resource: 'configuration-set',
      resourceName: CONFIGURATION_SET,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  }

  /** The records that the owner of the domain must set; `npm run deploy` prints them. */
  private tellDnsRecords(identity: EmailIdentity, domain: string): void {
    const records = [
      ...identity.dkimRecords.map(({ name, value }) => `${name} CNAME ${value}`),
      `bounces.${domain} MX 10 feedback-smtp.${Stack.of(this).region}.amazonses.com`,
      `bounces.${domain} TXT "v=spf1 include:amazonses.com ~all"`,
    ];
    records.forEach((value, i) => {
      new CfnOutput(this, `DnsRecord${i + 1}`, { value }).overrideLogicalId(`DnsRecord${i + 1}`);
    });
  }
}

const sendingStatements = (identityArn: string, configurationSetArn: string, senderAddress: string) => [
  new PolicyStatement({
    effect: Effect.ALLOW,
    actions: ['ses:SendRawEmail'],
    resources: [identityArn, configurationSetArn],
    conditions: { StringEquals: { 'ses:FromAddress': senderAddress } },
  }),
  // The account's rate and daily quota; SES knows no narrower resource for this action.
  new PolicyStatement({ effect: Effect.ALLOW, actions: ['ses:GetSendQuota'], resources: ['*'] }),
];

/** The account's own state; SES knows no narrower resource for these. */
const askingStatements = () => [
  new PolicyStatement({
    effect: Effect.ALLOW,
    actions: [
      'ses:GetSendQuota',
      'ses:GetAccountSendingEnabled',
      'ses:GetIdentityVerificationAttributes',
      'ses:GetIdentityDkimAttributes',
    ],
    resources: ['*'],
  }),
];
