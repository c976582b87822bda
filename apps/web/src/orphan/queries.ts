import { routes } from '@hostmesh/contract';
import { queryOptions } from '@tanstack/react-query';
import { patientClient, valueOf } from '../api/client.ts';

/** Every host of the attached meshes is asked, so it is asked when somebody looks and not with every event. */
export const orphansQuery = () =>
  queryOptions({
    queryKey: ['orphans'],
    queryFn: ({ signal }) => valueOf(patientClient.call(routes.listOrphans, { signal })),
    staleTime: 5000,
  });
