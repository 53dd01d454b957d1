import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { BEHIND_A_KEY, COUNTED, FOR_A_WHILE, OF_ONE_PERSON } from '../../../infra/aws/edge.ts';
import { type FunctionSpec, functions, servedFromBucket } from '../../../infra/topology.ts';
import { CERTIFICATE, resourcesOf } from './drawStack.ts';

const behavior = z.object({
  PathPattern: z.string().optional(),
  ViewerProtocolPolicy: z.string(),
  CachePolicyId: z.unknown(),
  Compress: z.boolean(),
  OriginRequestPolicyId: z.unknown().optional(),
  FunctionAssociations: z.array(z.unknown()).default([]),
  TargetOriginId: z.string(),
});
const distributionSchema = z.object({
  DistributionConfig: z.object({
    Aliases: z.array(z.string()).optional(),
    ViewerCertificate: z.unknown().optional(),
    DefaultCacheBehavior: behavior,
    CacheBehaviors: z.array(behavior),
    Origins: z.array(z.looseObject({ Id: z.string() })),
  }),
});

const resources = resourcesOf();
const distributionOf = (from: typeof resources) => {
  const found = Object.values(from).find(({ Type }) => Type === 'AWS::CloudFront::Distribution');
  return distributionSchema.parse(found?.Properties).DistributionConfig;
};
const distribution = distributionOf(resources);

const NEVER_CACHED = [...BEHIND_A_KEY, ...FOR_A_WHILE, ...OF_ONE_PERSON, ...COUNTED];
/** AWS's own policy under which nothing is kept. */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const covers = (pattern: string, path: string): boolean =>
  pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;

/** The one policy of these paths: which headers and query go with a request to the API. */
const passedOnTo = (patterns: readonly string[]): string => {
  const policies = patterns.map((pattern) => {
    const found = distribution.CacheBehaviors.find(({ PathPattern }) => PathPattern === pattern);
    return z.object({ Ref: z.string() }).parse(found?.OriginRequestPolicyId).Ref;
  });
  expect(new Set(policies).size).toBe(1);
  return JSON.stringify(resources[policies[0] ?? '']?.Properties);
};

describe('the edge', () => {
  test('speaks HTTPS only', () => {
    for (const one of [distribution.DefaultCacheBehavior, ...distribution.CacheBehaviors]) {
      expect(one.ViewerProtocolPolicy).toBe('redirect-to-https');
    }
  });

  test('keeps nothing of what one person or one key sees', () => {
    const paths = Object.values<FunctionSpec>(functions).flatMap(({ entry, trigger }) =>
      'http' in trigger && !entry.startsWith('functions/site/') ? trigger.http : [],
    );
    expect(paths).not.toEqual([]);
    for (const path of paths) {
      expect([path, NEVER_CACHED.some((pattern) => covers(pattern, path))]).toEqual([path, true]);
    }
    for (const pattern of NEVER_CACHED) {
      const found = distribution.CacheBehaviors.find(({ PathPattern }) => PathPattern === pattern);
      expect(found?.CachePolicyId).toBe(CACHING_DISABLED);
    }
  });

  test('keeps a page as long as its own headers say, and one without such headers not at all', () => {
    const pages = Object.entries(resources).find(([id]) => id.startsWith('EdgePages'));
    expect(pages?.[1].Properties['CachePolicyConfig']).toMatchObject({ MinTTL: 0, DefaultTTL: 0 });
  });

  test('takes feeds from the bucket, and the bucket answers this distribution alone', () => {
    for (const pattern of servedFromBucket) {
      const found = distribution.CacheBehaviors.find(({ PathPattern }) => PathPattern === pattern);
      const origin = distribution.Origins.find(({ Id }) => Id === found?.TargetOriginId);
      expect(JSON.stringify(origin)).toMatch(/StoragePublicBucket.*OriginAccessControlId/);
    }
    const policy = Object.entries(resources).find(([id]) => id.startsWith('StoragePublicBucketPolicy'));
    const text = JSON.stringify(policy);
    expect(text).toMatch(/cloudfront\.amazonaws\.com/);
    expect(text).toMatch(/":distribution\/",\{"Ref":"EdgeDistribution/);
  });

  test('leaves the encoding of feeds to the rules, which choose by the path, and keeps a copy for each path', () => {
    const [id, policy] = Object.entries(resources).find(([name]) => name.startsWith('EdgeFeeds')) ?? [];
    expect(policy?.Properties['CachePolicyConfig']).toMatchObject({
      ParametersInCacheKeyAndForwardedToOrigin: {
        EnableAcceptEncodingBrotli: false,
        EnableAcceptEncodingGzip: false,
        HeadersConfig: { HeaderBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'none' },
      },
    });
    for (const pattern of servedFromBucket) {
      const found = distribution.CacheBehaviors.find(({ PathPattern }) => PathPattern === pattern);
      expect(found).toMatchObject({ Compress: false, CachePolicyId: { Ref: id } });
    }
    expect(distribution.DefaultCacheBehavior.Compress).toBe(true);
  });

  test('has no tag of S3’s but a hash of the content: what is encrypted under a key of its own would have another', () => {
    const bucket = Object.entries(resources).find(([name]) => /^StoragePublicBucket[A-Z0-9]/.test(name));
    expect(JSON.stringify(bucket?.[1].Properties['BucketEncryption'])).toContain('"SSEAlgorithm":"AES256"');
  });

  test('applies the rules of functions/site/edge.ts to feeds, before the bucket and after it, and to nothing else', () => {
    for (const one of [distribution.DefaultCacheBehavior, ...distribution.CacheBehaviors]) {
      const rules = servedFromBucket.some((pattern) => pattern === one.PathPattern) ? 2 : 0;
      expect([one.PathPattern, one.FunctionAssociations.length]).toEqual([one.PathPattern, rules]);
    }
  });

  test('tells sign-up, which limits what comes from one network, the viewer’s address', () => {
    expect(passedOnTo(OF_ONE_PERSON)).toContain('"CloudFront-Viewer-Address"');
  });

  test('tells whoever counts clicks what tells people from programs, and nothing of the query', () => {
    const passedOn = passedOnTo(COUNTED);
    for (const name of ['CloudFront-Viewer-Address', 'User-Agent', 'Sec-Fetch-Mode', 'Sec-Purpose', 'Purpose']) {
      expect(passedOn).toContain(`"${name}"`);
    }
    expect(passedOn).toContain('{"QueryStringBehavior":"none"}');
  });

  test('answers at the site’s host with TLS 1.2 or newer once there is a certificate', () => {
    const withDomain = distributionOf(resourcesOf({ certificateArn: CERTIFICATE }));
    expect(withDomain.Aliases).toEqual(['news.example.org']);
    expect(withDomain.ViewerCertificate).toMatchObject({
      AcmCertificateArn: CERTIFICATE,
      MinimumProtocolVersion: 'TLSv1.2_2021',
    });
    expect(distribution.Aliases).toBeUndefined();
  });
});

describe('logs', () => {
  test('the API’s access log has the route and never the path, where tokens are, nor who called', () => {
    const stage = Object.values(resources).find(({ Type }) => Type === 'AWS::ApiGatewayV2::Stage');
    const format = JSON.stringify(stage?.Properties['AccessLogSettings']);
    expect(format).toContain('$context.routeKey');
    expect(format).not.toMatch(/\$context\.(path|identity)/);
  });

  test('no log is kept for ever', () => {
    const groups = Object.values(resources).filter(({ Type }) => Type === 'AWS::Logs::LogGroup');
    expect(groups.length).toBeGreaterThan(Object.keys(functions).length);
    for (const { Properties } of groups) expect(Properties['RetentionInDays']).toBeLessThanOrEqual(90);
  });
});
