-- A session counts under the name and port alone that it was opened by, which sessions from before do not know. Their cookies
-- had another name, too: their owners sign in again.
DELETE FROM "Session";

-- AlterTable
ALTER TABLE "Session" ADD COLUMN     "host" TEXT NOT NULL;

-- CreateTable
CREATE TABLE "SignInCode" (
    "hash" TEXT NOT NULL,
    "tokenId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SignInCode_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "Installation" (
    "one" INTEGER NOT NULL DEFAULT 1,
    "id" TEXT NOT NULL,

    CONSTRAINT "Installation_pkey" PRIMARY KEY ("one")
);

-- CreateIndex
CREATE INDEX "SignInCode_expiresAt_idx" ON "SignInCode"("expiresAt");

-- AddForeignKey
ALTER TABLE "SignInCode" ADD CONSTRAINT "SignInCode_tokenId_fkey" FOREIGN KEY ("tokenId") REFERENCES "ApiToken"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
