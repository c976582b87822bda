import type { JsonSchema } from 'json-schema-faker';

/** As much of an OpenAPI document as is read here. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  /** What references point to. */
  readonly $defs: Readonly<Record<string, JsonSchema>>;
}
interface DocumentedOperation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
  readonly responses: Readonly<Record<string, DocumentedAnswer>>;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: JsonSchema;
}
/** What an answer with some status may carry, by media type. */
interface DocumentedAnswer {
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

/** One thing that can be asked of the API. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  /** With `{id}` where its parameters go. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: JsonSchema | undefined;
  readonly responses: Readonly<Record<string, DocumentedAnswer>>;
}

/** Reads the text of a document. Its schemas stand where JSON Schema has them, past OpenAPI. */
export function readDocument(text: string): ApiDocument {
  // What does not fit is told by the first answers.
  const { paths, components } = JSON.parse(text.replaceAll('"#/components/schemas/', '"#/$defs/')) as {
    paths: ApiDocument['paths'];
    components: { schemas: ApiDocument['$defs'] };
  };
  return { paths, $defs: components.schemas };
}

/** All of them, in the order of the document. */
export const operationsOf = ({ paths }: ApiDocument): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, given]) => ({
      id: given.operationId,
      method: method.toUpperCase(),
      path,
      parameters: given.parameters ?? [],
      body: given.requestBody?.content['application/json']?.schema,
      responses: given.responses,
    })),
  );
