import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  EventInvokeConfig,
  Function as LambdaFunction,
  LayerVersion,
  Runtime,
  RuntimeFamily,
} from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import {
  CONFIGURATION_SET,
  type FunctionName,
  type FunctionSpec,
  functions,
  NODE_RUNTIME,
  queues,
} from '../topology.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import { capital, each } from './each.ts';
import { grantsOf, objectEndings, type Stores, storeVariables } from './grants.ts';
import type { Mail } from './mail.ts';

interface FunctionsProps {
  readonly stores: Stores;
  readonly mail: Pick<Mail, 'sendingStatements' | 'askingStatements' | 'eventsTopicArn'>;
  /** The directory with each function's `index.cjs`. */
  readonly bundles: Readonly<Record<FunctionName, string>>;
  /** The directory that holds `templates/`, as `infra/templates.ts` built it. */
  readonly templatesLayer: string;
  readonly siteUrl: string;
  readonly version: string;
}

/** A function with the log it writes. */
export interface Placed {
  readonly lambda: LambdaFunction;
  readonly logGroup: LogGroup;
}

/** Every function of the topology: its code, its own role with exactly its grants, and what starts it. */
export class Functions extends Construct {
  readonly placed: Readonly<Record<FunctionName, Placed>>;
  private readonly props: FunctionsProps;
  private readonly templates: LayerVersion;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    this.props = props;
    // One layer for all of them: built once, stored once, and no bundle carries templates it does not use.
    this.templates = new LayerVersion(this, 'Templates', {
      code: Code.fromAsset(props.templatesLayer),
      compatibleArchitectures: [Architecture.ARM_64],
      description: 'Pages, mails and texts of this newsroom',
    });
    this.placed = each<FunctionName, FunctionSpec, Placed>(functions, (name, spec) => this.place(name, spec));
  }

  private place(name: FunctionName, spec: FunctionSpec): Placed {
    const logGroup = new LogGroup(this, `${capital(name)}Log`, {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const lambda = new LambdaFunction(this, capital(name), {
      description: spec.entry,
      runtime: new Runtime(NODE_RUNTIME, RuntimeFamily.NODEJS, { supportsInlineCode: true }),
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(this.props.bundles[name]),
      layers: [this.templates],
      memorySize: spec.memoryMb,
      timeout: Duration.seconds(spec.timeoutSeconds),
      role: this.roleOf(name, spec, logGroup),
      logGroup,
      environment: {
        ...storeVariables(spec, this.props.stores),
        SITE_URL: this.props.siteUrl,
        TEMPLATES_DIR: '/opt/templates',
        COURANT_VERSION: this.props.version,
        ...(spec.sendsMail && { SES_CONFIGURATION_SET: CONFIGURATION_SET }),
        ...(hearsOfMails(spec) && { SES_TOPIC_ARN: this.props.mail.eventsTopicArn }),
      },
    });
    this.start(name, spec, lambda);
    return { lambda, logGroup };
  }

  private roleOf(name: FunctionName, spec: FunctionSpec, logGroup: LogGroup): Role {
    const role = new Role(this, `${capital(name)}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    const sending = spec.sendsMail ? this.props.mail.sendingStatements : [];
    const asking = spec.asksMail ? this.props.mail.askingStatements : [];
    for (const statement of [...grantsOf(spec, this.props.stores), ...sending, ...asking]) role.addToPolicy(statement);
    this.acknowledge(role, spec);
    return role;
  }

  private acknowledge(role: Role, spec: FunctionSpec): void {
    for (const name of ['public', 'private'] as const) {
      const grant = spec.buckets?.[name];
      if (!grant) continue;
      const reason = 'Objects are named by their path or content, so the grant is for all whose key begins so.';
      for (const ending of objectEndings(grant)) {
        acknowledgeWildcard(role, this.props.stores.buckets[name], `/${ending}`, reason);
      }
    }
    if (spec.sendsMail || spec.asksMail) {
      Validations.of(role).acknowledge({
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason:
          'What tells the account’s rate and how it stands (ses:GetSendQuota and the like) has no narrower resource in SES.',
      });
    }
  }

  private start(name: FunctionName, { trigger }: FunctionSpec, lambda: LambdaFunction): void {
    // Routes of the HTTP API are made by the API, which knows all of them.
    if ('http' in trigger) return;
    if ('queue' in trigger) {
      lambda.addEventSource(
        new SqsEventSource(this.props.stores.queues[trigger.queue].queue, {
          batchSize: trigger.batch,
          maxConcurrency: trigger.atOnce,
          ...(trigger.gatherSeconds !== undefined && { maxBatchingWindow: Duration.seconds(trigger.gatherSeconds) }),
          reportBatchItemFailures: true,
        }),
      );
      return;
    }
    this.everyMinute(name, lambda);
  }

  /** The next minute rings again, so one that failed or came late is not tried again. */
  private everyMinute(name: FunctionName, lambda: LambdaFunction): void {
    new EventInvokeConfig(this, `${capital(name)}OnlyOnce`, {
      function: lambda,
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
    });
    const role = new Role(this, `${capital(name)}RingRole`, {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
    });
    acknowledgeWildcard(role, lambda, ':*', 'CDK lets the schedule call this one function and its versions.');
    new Schedule(this, `${capital(name)}EveryMinute`, {
      description: `Rings ${name} every minute`,
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      target: new LambdaInvoke(lambda, {
        role,
        input: ScheduleTargetInput.fromObject({}),
        retryAttempts: 0,
        maxEventAge: Duration.minutes(1),
      }),
    });
  }
}

const hearsOfMails = ({ trigger }: FunctionSpec): boolean => 'queue' in trigger && 'from' in queues[trigger.queue];
