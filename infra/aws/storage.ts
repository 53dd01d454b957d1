import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type BucketName, buckets, type TableName, tables } from '../topology.ts';
import { capital, each } from './each.ts';

/** An object that was written over or deleted can be had back for so long. */
const KEEP_OLD_VERSIONS = Duration.days(30);

/** What holds people's data is not had back: it was deleted because it was to be gone. */
const FORGET_OLD_VERSIONS = Duration.days(1);

/** Tables and buckets. No deployment deletes or replaces one, and each can be restored, but for what is to be forgotten. */
export class Storage extends Construct {
  readonly tables: Readonly<Record<TableName, TableV2>>;
  readonly buckets: Readonly<Record<BucketName, IBucket>>;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.tables = each<TableName, (typeof tables)[TableName], TableV2>(tables, (name, spec) => this.table(name, spec));
    this.buckets = each<BucketName, (typeof buckets)[BucketName], IBucket>(buckets, (name, spec) =>
      this.bucket(name, spec),
    );
  }

  private table(name: TableName, spec: (typeof tables)[TableName]): TableV2 {
    const isForgetful = 'forgets' in spec;
    const table = new TableV2(this, `${capital(name)}Table`, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: !isForgetful },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...('expires' in spec && { timeToLiveAttribute: 'expiresAtSeconds' }),
      // It projects whole items: a row in it is a thin one made for being found, and reading it back would cost more.
      ...('index' in spec && {
        globalSecondaryIndexes: [
          {
            indexName: 'index',
            partitionKey: { name: 'ipk', type: AttributeType.STRING },
            sortKey: { name: 'isk', type: AttributeType.STRING },
          },
        ],
      }),
    });
    if (isForgetful) {
      Validations.of(table).acknowledge({
        id: 'AwsSolutions-DDB3',
        reason: 'What is in it is people’s doing, for minutes, and then a number: nobody is to bring it back.',
      });
    }
    return table;
  }

  private bucket(name: BucketName, spec: (typeof buckets)[BucketName]): IBucket {
    const bucket = new Bucket(this, `${capital(name)}Bucket`, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { noncurrentVersionExpiration: KEEP_OLD_VERSIONS, abortIncompleteMultipartUploadAfter: Duration.days(7) },
        ...('keeps' in spec ? Object.entries(spec.keeps) : []).map(([prefix, days]) => ({
          prefix,
          expiration: Duration.days(days),
        })),
        // Of two rules that meet, S3 follows the one that ends sooner.
        ...('forgets' in spec ? spec.forgets : []).map((prefix) => ({
          prefix,
          noncurrentVersionExpiration: FORGET_OLD_VERSIONS,
        })),
      ],
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Only functions of this stack and its CloudFront distribution can reach the bucket. A log of requests would ' +
        'be a record of who reads what, which Courant does not keep; CloudTrail can watch the objects where that is wanted.',
    });
    // CDK's class does not fit its own interface under exactOptionalPropertyTypes (“isWebsite”).
    return bucket as IBucket;
  }
}
