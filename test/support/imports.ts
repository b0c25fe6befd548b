import ts from 'typescript'

/** `typeOnly`: gone after compiling. `lazy`: by `import()`, when the line is reached. */
export type Import = { from: string; typeOnly: boolean; lazy: boolean }
export type SourceFacts = { imports: Import[]; readsEnvironment: boolean; lines: number }

/** What a source file imports, re-exports included, and whether it reads `process.env`. */
export function factsOf(path: string, source: string): SourceFacts {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.ES2023, true)
  const facts: SourceFacts = { imports: [], readsEnvironment: false, lines: source.split('\n').length - 1 }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node))
      facts.imports.push(staticImport(node.moduleSpecifier, isTypeImport(node)))
    if (ts.isExportDeclaration(node) && node.moduleSpecifier)
      facts.imports.push(staticImport(node.moduleSpecifier, node.isTypeOnly))
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [target] = node.arguments
      if (target && ts.isStringLiteral(target))
        facts.imports.push({ from: target.text, typeOnly: false, lazy: true })
    }
    if (isProcessEnv(node)) facts.readsEnvironment = true
    ts.forEachChild(node, visit)
  }
  visit(file)
  return facts
}

const staticImport = (specifier: ts.Expression, typeOnly: boolean): Import => ({
  from: (specifier as ts.StringLiteral).text,
  typeOnly,
  lazy: false,
})

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const named = importClause.namedBindings
  return (
    importClause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.every(element => element.isTypeOnly)
  )
}

function isProcessEnv(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    const name = ts.isPropertyAccessExpression(node) ? node.name.text : node.argumentExpression.getText()
    return node.expression.getText() === 'process' && /^['"`]?env['"`]?$/.test(name)
  }
  // const { env } = process, import { env } from 'node:process'
  if (ts.isVariableDeclaration(node) && node.initializer?.getText() === 'process')
    return /\benv\b/.test(node.name.getText())
  return (
    ts.isImportDeclaration(node) && /^(node:)?process$/.test((node.moduleSpecifier as ts.StringLiteral).text)
  )
}
