'use client';

/** Shown when the frame itself breaks; it cannot count on anything else of ours, styles included. */
export default function GlobalError() {
  return (
    <html lang="en">
      <body>
        <main>
          <h1>The dashboard broke</h1>
          <p>
            Hosts and attempts are not touched by this. Load the page again; the console says what happened.
          </p>
          <a href="">Load again</a>
        </main>
      </body>
    </html>
  );
}
