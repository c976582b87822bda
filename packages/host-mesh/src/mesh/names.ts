import { printResourceId, type ProcMeshId } from '@hostmesh/core';

/** Base name of the controller of a proc mesh, whose id follows after an underscore (reference section 12.1). */
export const PROC_MESH_CONTROLLER_NAME = 'proc_mesh_controller';

/** The name of the controller of this proc mesh. */
export const controllerName = (id: ProcMeshId): string =>
  `${PROC_MESH_CONTROLLER_NAME}_${printResourceId(id)}`;
