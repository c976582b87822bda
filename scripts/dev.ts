// `pnpm dev`: the same parts as `npm start`, with the dashboard in development mode and sources watched.
process.argv.push('--watch');
await import('./start.ts');
