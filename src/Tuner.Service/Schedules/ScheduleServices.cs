using Microsoft.Extensions.DependencyInjection;
using Quartz;
using Tuner.Service.Notifications;
using Tuner.Service.Storage;

namespace Tuner.Service.Schedules;

/// <summary>Registers schedules, and the clock that fires them.</summary>
public static class ScheduleServices
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CheckIn = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MissedCheckIn = TimeSpan.FromSeconds(10);

    /// <summary>The parts; nothing fires by itself.</summary>
    public static IServiceCollection AddSchedules(this IServiceCollection services)
    {
        services.AddSingleton<ScheduleStore>();
        services.AddSingleton<ScheduledStart>();
        services.AddSingleton<ScheduledSweeps>();
        services.AddNotifications();
        return services;
    }

    /// <summary>
    /// Fires what is due, through Quartz's persistent store: clustered in PostgreSQL, where another node goes on when this
    /// one dies; in a file of its own beside SQLite, since its fires come late under a busy writer in the same file.
    /// </summary>
    public static IServiceCollection AddScheduleClock(this IServiceCollection services, Database database, StateDirectory state)
    {
        services.AddQuartz(quartz =>
        {
            quartz.UsePersistentStore(store =>
            {
                store.ProvisionSchema();
                store.UseSystemTextJsonSerializer();
                if (database is PostgresDatabase postgres)
                {
                    store.UsePostgres(postgres.ConnectionString);
                    store.UseClustering(cluster =>
                    {
                        cluster.CheckinInterval = CheckIn;
                        cluster.CheckinMisfireThreshold = MissedCheckIn;
                    });
                }
                else
                {
                    store.UseSqlite($"Data Source={Path.Combine(Directory.CreateDirectory(state.Path).FullName, "schedules.db")}");
                }
            });
            quartz.AddJob<DueSchedulesJob>(job => job.WithIdentity("due schedules").StoreDurably());
            quartz.AddTrigger(trigger => trigger.WithIdentity("due schedules").ForJob("due schedules")
                .WithSimpleSchedule(schedule => schedule.WithInterval(Look).RepeatForever()));
            quartz.AddJob<NotificationsJob>(job => job.WithIdentity("notifications").StoreDurably());
            quartz.AddTrigger(trigger => trigger.WithIdentity("notifications").ForJob("notifications")
                .WithSimpleSchedule(schedule => schedule.WithInterval(Look).RepeatForever()));
        });
        services.AddQuartzHostedService<ScheduleClock>(options => options.WaitForJobsToComplete = true);
        services.AddHostedService<ClockWatch>();
        return services;
    }
}
