type Environment = Readonly<Record<string, string | undefined>>;

/** The port of the API when nobody names another. */
export const DEFAULT_API_PORT = 4600;
/** The port of the dashboard when nobody names another. */
export const DEFAULT_WEB_PORT = 3000;

/**
 * Where the API is for a part of Hostmesh that calls it: at HOSTMESH_API_URL, else on this machine at HOSTMESH_API_PORT. An
 * empty variable counts as absent.
 */
export const apiUrlOf = ({ HOSTMESH_API_URL: url, HOSTMESH_API_PORT: port }: Environment): string =>
  url || `http://127.0.0.1:${port || DEFAULT_API_PORT}`;
