using Npgsql;

namespace Tuner.Service.Storage;

/// <summary>One connection string chooses the database.</summary>
public static class DatabaseChoice
{
    /// <summary>The variable of the environment that names the database, so that its password is in no argument list.</summary>
    public const string Variable = "TUNER_DATABASE";

    /// <summary>
    /// Opens what the text names: nothing for SQLite in the state folder, <c>Data Source=FILE</c> for SQLite in that file,
    /// <c>Host=…;Database=…</c> or <c>postgres://USER:PASSWORD@HOST/DATABASE?sslmode=require</c> for PostgreSQL.
    /// </summary>
    /// <exception cref="DatabaseException">The text is none of these, or what it names cannot be opened.</exception>
    public static async Task<Database> OpenAsync(string? text, StateDirectory state, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return await SqliteDatabase.OpenAsync(state.DatabaseFile, cancellationToken);
        }

        return FileOf(text) is { } file
            ? await SqliteDatabase.OpenAsync(file, cancellationToken)
            : await PostgresDatabase.OpenAsync(Postgres(text), cancellationToken);
    }

    /// <summary>True where the text names a database that several nodes can share.</summary>
    public static bool IsShared(string? text) => !string.IsNullOrWhiteSpace(text) && FileOf(text) is null;

    /// <summary>A connection string for PostgreSQL in the words of its driver.</summary>
    internal static string Postgres(string text)
    {
        try
        {
            return text.StartsWith("postgres://", StringComparison.Ordinal) || text.StartsWith("postgresql://", StringComparison.Ordinal)
                ? FromUrl(new Uri(text))
                : new NpgsqlConnectionStringBuilder(text) { }.ConnectionString is { Length: > 0 } read && read.Contains("Host=", StringComparison.OrdinalIgnoreCase)
                    ? read
                    : throw Misnamed();
        }
        catch (Exception exception) when (exception is ArgumentException or UriFormatException)
        {
            // Nothing of it goes on: it would repeat what was written, and that may hold a password.
            throw Misnamed();
        }
    }

    private static DatabaseException Misnamed() => new(DatabaseTrouble.Misnamed, Wrong, Wrong);

    private const string Wrong =
        $"{Variable} names no database. Write 'Host=db.example;Database=tuner;Username=tuner;Password=…', 'postgres://USER:PASSWORD@HOST/DATABASE', or 'Data Source=FILE' for SQLite.";

    private static string? FileOf(string text) =>
        text.Split('=', 2) is [var key, var file] && key.Trim().Equals("Data Source", StringComparison.OrdinalIgnoreCase) ? file.Trim().TrimEnd(';') : null;

    private static string FromUrl(Uri url)
    {
        var user = url.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host,
            Port = url.IsDefaultPort || url.Port < 0 ? NpgsqlConnectionDefaults.Port : url.Port,
            Database = Uri.UnescapeDataString(url.AbsolutePath.Trim('/')),
            Username = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null,
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
        };
        foreach (var parameter in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = parameter.Split('=', 2) is [var left, var right] ? (left, Uri.UnescapeDataString(right)) : (parameter, "");

            // libpq's words where the driver has others; what it does not know is refused, since a URL's sslmode must not be lost.
            builder[name is "sslrootcert" ? "Root Certificate" : name] = name is "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }

        return builder.ConnectionString;
    }

    private static class NpgsqlConnectionDefaults
    {
        public const int Port = 5432;
    }
}
