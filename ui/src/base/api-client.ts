import { createApiClient } from '@sonde/api/client';

export { ApiError, type Arguments, type OperationId, type Query, type Reply } from '@sonde/api/client';

const client = createApiClient();

export const callApi = client.call;
