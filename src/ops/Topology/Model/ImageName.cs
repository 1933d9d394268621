namespace Provost.Topology.Model;

/// <summary>Names of images as provost.yaml takes them: what runs must not change by itself.</summary>
internal static class ImageName
{
    public const string Pattern = @"^[a-z0-9][a-zA-Z0-9.:_/-]*(:v?[0-9]+\.[0-9]+\.[0-9]+[\w.-]*|@sha256:[0-9a-f]{64})$";
    public const string Words = "an image with an exact version or a digest, like docker.io/library/redis:7.4.7-bookworm";
}
