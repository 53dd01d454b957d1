import { CfnOutput, Duration, Fn, Validations } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AccessLevel,
  AllowedMethods,
  type BehaviorOptions,
  CacheCookieBehavior,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  Distribution,
  Function as EdgeFunction,
  type FunctionAssociation,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersReferrerPolicy,
  HttpVersion,
  type IOrigin,
  OriginProtocolPolicy,
  OriginRequestHeaderBehavior,
  OriginRequestPolicy,
  OriginRequestQueryStringBehavior,
  OriginSslPolicy,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { servedFromBucket } from '../topology.ts';

interface EdgeProps {
  readonly api: HttpApi;
  readonly publicBucket: IBucket;
  /** The CloudFront Function, bundled to one script. */
  readonly edgeCode: string;
  readonly siteUrl: string;
  /** An ACM certificate in us-east-1 for the site's host; without one the site answers at its cloudfront.net name. */
  readonly certificateArn: string | undefined;
}

/** What one key sees is never kept at the edge, whatever headers the answer has; nor is what one person sees. */
export const BEHIND_A_KEY = ['/api/*', '/hooks/*'] as const;
export const OF_ONE_PERSON = ['/subscribe', '/confirm/*', '/preferences', '/preferences/*', '/unsubscribe/*'] as const;
/** For whoever has the link, and for some days: a draft, or an edition before it goes out. */
export const FOR_A_WHILE = ['/preview/*'] as const;

/** Links of mails that count: an answer that was kept would be a click that nobody counts. */
export const COUNTED = ['/go/*'] as const;

/** CloudFront: feeds from the bucket, everything else from the HTTP API, one pure function for the edge's rules. */
export class Edge extends Construct {
  readonly distribution: Distribution;
  private readonly props: EdgeProps;

  constructor(scope: Construct, id: string, props: EdgeProps) {
    super(scope, id);
    this.props = props;
    const shared = this.sharedBehavior();
    const api = this.apiOrigin();
    const neverCached = {
      ...shared,
      origin: api,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
    };
    const bucket = S3BucketOrigin.withOriginAccessControl(props.publicBucket, {
      // With LIST a feed that does not exist is a 404 instead of a 403. The edge passes on paths of feeds only.
      originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
    });
    this.distribution = new Distribution(this, 'Distribution', {
      comment: 'Courant',
      httpVersion: HttpVersion.HTTP2_AND_3,
      ...this.customDomain(),
      defaultBehavior: {
        ...shared,
        origin: api,
        cachePolicy: this.pagesPolicy(),
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      },
      additionalBehaviors: {
        ...behaviorsFor(BEHIND_A_KEY, {
          ...neverCached,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        }),
        ...behaviorsFor(FOR_A_WHILE, {
          ...neverCached,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        }),
        ...behaviorsFor(OF_ONE_PERSON, { ...neverCached, originRequestPolicy: this.signupRequests() }),
        ...behaviorsFor(COUNTED, {
          ...neverCached,
          allowedMethods: AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
          originRequestPolicy: this.countedRequests(),
        }),
        ...behaviorsFor(servedFromBucket, {
          ...shared,
          origin: bucket,
          // Feeds lie ready in each encoding, and the edge's rules choose among them.
          compress: false,
          cachePolicy: this.feedsPolicy(),
          functionAssociations: this.edgeRules(),
        }),
      },
    });
    this.acknowledge();
    new CfnOutput(this, 'Address', { value: this.distribution.distributionDomainName }).overrideLogicalId('Address');
  }

  private sharedBehavior(): Omit<BehaviorOptions, 'origin'> {
    return {
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
      compress: true,
      responseHeadersPolicy: this.securityHeaders(),
    };
  }

  /** The rules are for feeds only, before the bucket and after it. */
  private edgeRules(): FunctionAssociation[] {
    const rules = new EdgeFunction(this, 'Rules', {
      code: FunctionCode.fromInline(this.props.edgeCode),
      runtime: FunctionRuntime.JS_2_0,
      comment: 'functions/site/edge.ts',
    });
    return [FunctionEventType.VIEWER_REQUEST, FunctionEventType.VIEWER_RESPONSE].map((eventType) => ({
      function: rules,
      eventType,
    }));
  }

  /**
   * Sign-up limits what comes from one network, so it must know the viewer's address; CloudFront tells it in a header of
   * its own, which no policy that passes on all headers but Host can add. These are the others that sign-up reads.
   */
  private signupRequests(): OriginRequestPolicy {
    return new OriginRequestPolicy(this, 'SignupRequests', {
      comment: 'What sign-up reads, and where it comes from',
      headerBehavior: OriginRequestHeaderBehavior.allowList(
        'CloudFront-Viewer-Address',
        'Accept',
        'Accept-Language',
        'Content-Type',
      ),
      queryStringBehavior: OriginRequestQueryStringBehavior.all(),
    });
  }

  /**
   * What tells a person's click from a program's, and one visit from another (`functions/digest/clicking`). Nothing of the
   * query is passed on: where the link leads does not stand in it.
   */
  private countedRequests(): OriginRequestPolicy {
    return new OriginRequestPolicy(this, 'CountedRequests', {
      comment: 'What tells a person from a program',
      headerBehavior: OriginRequestHeaderBehavior.allowList(
        'CloudFront-Viewer-Address',
        'User-Agent',
        'Sec-Fetch-Mode',
        'Sec-Purpose',
        'Purpose',
        'Accept',
        'Accept-Language',
      ),
      queryStringBehavior: OriginRequestQueryStringBehavior.none(),
    });
  }

  private apiOrigin(): IOrigin {
    const host = Fn.select(2, Fn.split('/', this.props.api.apiEndpoint));
    return new HttpOrigin(host, {
      protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
      originSslProtocols: [OriginSslPolicy.TLS_V1_2],
      readTimeout: Duration.seconds(30),
    });
  }

  /** An answer is kept as long as its own Cache-Control says, and not at all where it says nothing. */
  private pagesPolicy(): CachePolicy {
    return new CachePolicy(this, 'Pages', {
      comment: 'The origin decides; one copy per language asked for',
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(0),
      maxTtl: Duration.days(365),
      headerBehavior: CacheHeaderBehavior.allowList('Accept-Language'),
      queryStringBehavior: CacheQueryStringBehavior.all(),
      cookieBehavior: CacheCookieBehavior.none(),
      enableAcceptEncodingBrotli: true,
      enableAcceptEncodingGzip: true,
    });
  }

  private feedsPolicy(): CachePolicy {
    return new CachePolicy(this, 'Feeds', {
      comment: 'One copy per feed and encoding, whatever a reader asks with it',
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.minutes(1),
      maxTtl: Duration.days(365),
      // What is kept is known by its path. With either of these CloudFront would tell copies apart by Accept-Encoding too.
      enableAcceptEncodingBrotli: false,
      enableAcceptEncodingGzip: false,
    });
  }

  /** For what comes from the bucket; a page's own headers stand. */
  private securityHeaders(): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'SecurityHeaders', {
      securityHeadersBehavior: {
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: false, override: true },
        contentTypeOptions: { override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN, override: false },
        contentSecurityPolicy: {
          contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
          override: false,
        },
      },
    });
  }

  private customDomain() {
    const { certificateArn, siteUrl } = this.props;
    if (certificateArn === undefined) return {};
    return {
      domainNames: [new URL(siteUrl).hostname],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    };
  }

  private acknowledge(): void {
    const acknowledge = (id: string, reason: string): void =>
      Validations.of(this.distribution).acknowledge({ id, reason });
    acknowledge('AwsSolutions-CFR1', 'News is for readers everywhere.');
    acknowledge(
      'AwsSolutions-CFR2',
      'Most requests end in the cache, the API is throttled, and sign-up has its own limits. A web ACL costs extra ' +
        'each month; docs/deploy.md says how to add one.',
    );
    acknowledge(
      'AwsSolutions-CFR3',
      'CloudFront’s access log writes whole paths and readers’ addresses: the tokens of their links would lie in a ' +
        'bucket. Metrics and the API’s log by route take its place.',
    );
    acknowledge(
      'Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk',
      'The bucket is behind /feeds/* only, so a request for its root, which would list it, never reaches it.',
    );
    if (this.props.certificateArn === undefined) {
      acknowledge(
        'AwsSolutions-CFR4',
        'Only until there is a certificate: a distribution under its cloudfront.net name has no choice of TLS version.',
      );
    }
  }
}

const behaviorsFor = (paths: readonly string[], behavior: BehaviorOptions): Record<string, BehaviorOptions> =>
  Object.fromEntries(paths.map((path) => [path, behavior]));
