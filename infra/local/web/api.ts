import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { nowMs } from '../../../functions/shared/time.ts';
import type { Handlers } from '../triggers/handlers.ts';
import { eventOf, responseOf, type WebRequest, type WebResponse } from './event.ts';
import { apiRouteOf } from './routing.ts';

/** What API Gateway's HTTP API does: finds the function, hands it the event, and answers what it returned. */
export const httpApi =
  (handlers: Handlers) =>
  async (request: WebRequest): Promise<WebResponse> => {
    const route = apiRouteOf(request.path);
    if (!route)
      return {
        status: 404,
        headers: { 'content-type': 'application/json' },
        body: Buffer.from('{"message":"Not Found"}'),
      };
    const result = await handlers[route.name](eventOf(request, `ANY ${route.pattern}`, nowMs()));
    return responseOf(result as APIGatewayProxyStructuredResultV2);
  };
