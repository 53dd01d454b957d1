import { type CfnElement, Stack, Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * Says why one wildcard in a role's policy has to be there. `ending` is what follows the resource's ARN in the
 * statement: a further wildcard of the same role is a finding still.
 */
export const acknowledgeWildcard = (
  role: Role,
  resource: IConstruct,
  ending: `/${string}*` | ':*',
  reason: string,
): void => {
  const logicalId = Stack.of(resource).getLogicalId(resource.node.defaultChild as CfnElement);
  Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>${ending}]`, reason });
};
