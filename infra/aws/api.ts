import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type FunctionName, type FunctionSpec, functions } from '../topology.ts';
import type { Placed } from './functions.ts';

/** The whole account shares 10,000 requests a second; one newsroom's pages come from the edge, so this is plenty. */
const THROTTLE = { rateLimit: 500, burstLimit: 1000 };

/** The HTTP API behind the edge, with the routes of the topology. */
export class Api extends Construct {
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, placed: Readonly<Record<FunctionName, Placed>>) {
    super(scope, id);
    this.api = new HttpApi(this, 'Http', { createDefaultStage: false });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLog', {
            retention: RetentionDays.ONE_MONTH,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        ),
        // The route, never the path: paths hold tokens of readers. No address of a caller either.
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: '$context.requestId',
            route: '$context.routeKey',
            status: '$context.status',
            latencyMs: '$context.responseLatency',
            bytes: '$context.responseLength',
            trouble: '$context.integrationErrorMessage',
          }),
        ),
      },
    });
    for (const [name, spec] of Object.entries<FunctionSpec>(functions)) {
      const place = placed[name as FunctionName];
      if ('http' in spec.trigger) this.route(name, spec.trigger.http, place);
    }
    Validations.of(this.api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'Each route says who may call it, public or with the newsroom key, and the door checks that before any work; ' +
        'a test holds the list of what is public.',
    });
  }

  private route(name: string, paths: readonly string[], { lambda }: Placed): void {
    const integration = new HttpLambdaIntegration(name, lambda, {
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
    });
    for (const path of paths) this.api.addRoutes({ path, methods: [HttpMethod.ANY], integration });
  }
}
