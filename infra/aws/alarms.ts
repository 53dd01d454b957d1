import { Aws, Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { FunctionName, QueueName } from '../topology.ts';
import { capital, dashed } from './each.ts';
import type { Placed } from './functions.ts';
import { errorImpacts, eventImpacts, queueImpacts, silenceImpacts } from './impacts.ts';
import type { QueuePair } from './queues.ts';

interface AlarmsProps {
  readonly queues: Readonly<Record<QueueName, QueuePair>>;
  readonly functions: Readonly<Record<FunctionName, Placed>>;
  readonly api: HttpApi;
  /** Who is told by mail. Without it the topic is there, and somebody must subscribe to it. */
  readonly alarmsTo: string | undefined;
}

interface AlarmSpec {
  /** `courant-…`; a heading of exactly this name stands in `docs/runbook.md`. */
  readonly name: string;
  /** What it means for readers and editors. */
  readonly impact: string;
  readonly metric: IMetric;
  readonly atLeast: number;
  readonly periods?: number;
  /** Rings when the metric falls below `atLeast` or is missing. */
  readonly below?: true;
}

const FIVE_MINUTES = Duration.minutes(5);

/** An alarm for everything that does not heal by itself. */
export class Alarms extends Construct {
  private readonly action: SnsAction;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.action = new SnsAction(this.topic(props.alarmsTo));
    const specs = [
      ...queueAlarms(props.queues),
      ...functionAlarms(props.functions),
      ...this.eventAlarms(props.functions),
      apiAlarm(props.api),
      ...reputationAlarms(),
    ];
    for (const spec of specs) this.alarm(spec);
  }

  private topic(alarmsTo: string | undefined): Topic {
    const topic = new Topic(this, 'Topic', { displayName: 'Courant alarms', enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    if (alarmsTo !== undefined) topic.addSubscription(new EmailSubscription(alarmsTo));
    return topic;
  }

  private alarm({ name, impact, metric, atLeast, periods = 1, below }: AlarmSpec): void {
    const alarm = new Alarm(this, name.split('-').map(capital).join(''), {
      alarmName: name,
      alarmDescription: `${impact} What to do: docs/runbook.md, “${name}”.`,
      metric,
      threshold: atLeast,
      evaluationPeriods: periods,
      comparisonOperator: below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: below ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(this.action);
    alarm.addOkAction(this.action);
  }

  private eventAlarms(functions: AlarmsProps['functions']): AlarmSpec[] {
    return Object.entries(eventImpacts).map(([event, { from, impact, atLeast = 1 }]) => {
      for (const name of from) {
        new MetricFilter(this, `${capital(name)}${event.split(/[.-]/).map(capital).join('')}`, {
          logGroup: functions[name].logGroup,
          filterPattern: FilterPattern.stringValue('$.event', '=', event),
          metricNamespace: 'Courant',
          metricName: event,
          metricValue: '1',
        });
      }
      const metric = new Metric({
        namespace: 'Courant',
        metricName: event,
        statistic: Stats.SUM,
        period: FIVE_MINUTES,
      });
      return { name: `courant-${event.replaceAll('.', '-')}`, impact, metric, atLeast };
    });
  }
}

const queueAlarms = (queues: AlarmsProps['queues']): AlarmSpec[] =>
  entriesOf(queueImpacts).flatMap(([name, { setAside, late, lateAfterSeconds }]) => [
    {
      name: `courant-${dashed(name)}-set-aside`,
      impact: setAside,
      metric: queues[name].setAside.metricApproximateNumberOfMessagesVisible({
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(1),
      }),
      atLeast: 1,
    },
    {
      name: `courant-${dashed(name)}-late`,
      impact: late,
      metric: queues[name].queue.metricApproximateAgeOfOldestMessage({
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(1),
      }),
      atLeast: lateAfterSeconds,
    },
  ]);

const functionAlarms = (functions: AlarmsProps['functions']): AlarmSpec[] => [
  ...entriesOf(errorImpacts).map(([name, impact]) => ({
    name: `courant-${dashed(name)}-errors`,
    impact,
    metric: functions[name].lambda.metricErrors({ statistic: Stats.SUM, period: FIVE_MINUTES }),
    atLeast: 3,
  })),
  ...entriesOf(silenceImpacts).map(([name, impact]) => ({
    name: `courant-${dashed(name)}-silent`,
    impact,
    metric: functions[name].lambda.metricInvocations({ statistic: Stats.SUM, period: FIVE_MINUTES }),
    atLeast: 1,
    below: true as const,
  })),
];

const apiAlarm = (api: HttpApi): AlarmSpec => ({
  name: 'courant-api-failing',
  impact: 'Requests to pages or the newsroom API end in an error (5xx); readers or editors see it.',
  metric: api.metricServerError({ statistic: Stats.SUM, period: FIVE_MINUTES }),
  atLeast: 5,
});

/** SES reviews an account at 5 % bounces or 0.1 % complaints, and stops its mail at 10 % or 0.5 %. */
const reputationAlarms = (): AlarmSpec[] => [
  {
    name: 'courant-bounces',
    impact: 'So many mails bounce that SES may soon stop all of this account’s mail.',
    metric: reputation('BounceRate'),
    atLeast: 0.04,
  },
  {
    name: 'courant-complaints',
    impact: 'So many readers call our mail spam that SES may soon stop all of it.',
    metric: reputation('ComplaintRate'),
    atLeast: 0.0008,
  },
];

const reputation = (rate: string): Metric =>
  new Metric({
    namespace: 'AWS/SES',
    metricName: `Reputation.${rate}`,
    statistic: Stats.AVERAGE,
    period: Duration.hours(1),
  });

const entriesOf = <Name extends string, Value>(record: Readonly<Partial<Record<Name, Value>>>): [Name, Value][] =>
  Object.entries(record) as [Name, Value][];
